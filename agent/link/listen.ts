/**
 * A listening socket at a path, or one sentence why not. A socket file left by a watch that died is
 * removed; one that somebody listens at is not, nor a file that is no socket.
 */
import { chmodSync, existsSync, lstatSync, unlinkSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';

/** sun_path of Linux less its closing zero. */
const MAX_PATH_BYTES = 107;

/**
 * Listens at `path` (mode 0660).
 * @param welcome called for each connection
 * @throws Error in one sentence when the path cannot be used or another watch listens there
 */
export async function listenAt(path: string, welcome: (socket: Socket) => void): Promise<Server> {
  if (Buffer.byteLength(path) > MAX_PATH_BYTES) {
    throw new Error(
      `link.socket: ${path} has ${Buffer.byteLength(path)} bytes; a socket's path has at most ${MAX_PATH_BYTES}`,
    );
  }
  await removeStale(path);
  const server = createServer(welcome);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => reject(listenError(path, cause)));
    server.listen(path, resolve);
  });
  chmodSync(path, 0o660);
  return server;
}

/** Removes a socket file that nobody listens at. */
async function removeStale(path: string): Promise<void> {
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return;
  if (!found.isSocket()) throw new Error(`link.socket: ${path} exists and is no socket; choose another path`);
  if (await answers(path)) throw new Error(`link.socket: another watch listens at ${path}; end it first`);
  unlinkSync(path);
}

const answers = (path: string) =>
  new Promise<boolean>((resolve) => {
    const probe = connect(path);
    const end = (answer: boolean) => {
      probe.destroy();
      resolve(answer);
    };
    probe.once('connect', () => end(true));
    // Only a refusal proves that nobody listens; a full backlog or a missing right does not.
    probe.once('error', (error: NodeJS.ErrnoException) =>
      end(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });

function listenError(path: string, cause: NodeJS.ErrnoException): Error {
  // libuv says EACCES for a folder that does not exist, too.
  const reason = !existsSync(dirname(path))
    ? 'its folder does not exist'
    : cause.code === 'EACCES' || cause.code === 'EPERM' || cause.code === 'EROFS'
      ? 'its folder cannot be written by this user'
      : (cause.code ?? cause.message);
  return new Error(`link.socket: cannot listen at ${path}: ${reason}`, { cause });
}
