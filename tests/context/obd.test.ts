/** OBD-II by can-utils: frames, a run, the role. The programs are fakes that write what the real ones do. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { contextConfig } from '../../config/schema/context.ts';
import { runCan } from '../../agent/can.ts';
import { startLinkServer } from '../../agent/link/server.ts';
import type { LinkContext } from '../../agent/link/messages.ts';
import { askerArgv, listenerArgv, speedIn } from '../../hardware/context/obd-frames.ts';
import { runObd } from '../../hardware/context/obd.ts';
import { fakePrograms } from '../fakes/programs.ts';
import { logger, until } from '../link/fixtures.ts';
import { testClock } from '../uplink/rig.ts';

const root = mkdtempSync(join(tmpdir(), 'obd-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const fakes = fakePrograms(root);
const config = contextConfig.parse({ speed: ['obd'] }).obd;
const frame = (data: string, id = '7E8') => `(1436509052.249713) can0 ${id}#${data}`;

describe('a frame', () => {
  it.each([
    [frame('03410D3C00000000'), 60],
    [frame('03410D3C'), 60],
    [frame('03410DFFAAAAAAAA', '7e9'), 255],
    [frame('03410D0055555555'), 0],
    [`${frame('03410D3C')} R`, 60],
  ])('%s tells %s km/h', (line, speed) => expect(speedIn(line, '11-bit')).toBe(speed));

  it.each([
    ['another PID', frame('04410C1AF8000000')],
    ['a refusal', frame('037F011100000000')],
    ['the question itself', frame('02010D0000000000', '7DF')],
    ['another identifier', frame('03410D3C00000000', '7E0')],
    ['a frame cut short', frame('03410D')],
    ['a frame that claims to be shorter', frame('02410D3C')],
    ['words', 'candump: no such device'],
    ['nothing', ''],
  ])('with %s tells no speed', (_, line) => expect(speedIn(line, '11-bit')).toBeNull());

  it('has identifiers of 29 bits where asked for', () => {
    expect(speedIn(frame('03410D3C00000000', '18DAF110'), '29-bit')).toBe(60);
    expect(speedIn(frame('03410D3C00000000'), '29-bit')).toBeNull();
    expect(askerArgv('can0', '29-bit', 500)).toContain('18DB33F1');
    expect(askerArgv('can0', '29-bit', 500)).toContain('-e');
  });

  it('is asked for and awaited by can-utils', () => {
    expect(askerArgv('can1', '11-bit', 200).join(' ')).toBe(
      'cangen can1 -g 200 -I 7DF -L 8 -D 02010D0000000000',
    );
    expect(listenerArgv('can1', '11-bit')).toEqual(['candump', '-L', 'can1,7E8:7F8']);
  });
});

/** A folder with both programs. */
function canUtils(name: string, candump: string, cangen = 'exec sleep 60') {
  const folder = fakes.make('candump', name, candump);
  writeFileSync(join(folder, 'cangen'), `#!/bin/sh\n${cangen}\n`);
  chmodSync(join(folder, 'cangen'), 0o755);
  return folder;
}
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('a run', () => {
  it('reads every answer and leaves no program behind', async () => {
    const note = join(root, 'pids');
    const answers = [frame('03410D32'), frame('037F0111'), frame('03410D33')].map((line) => `echo '${line}'`);
    const folder = canUtils(
      'answers',
      `echo $$ >>${note}\n${answers.join('\n')}\nexec sleep 60`,
      `echo $$ >>${note}\nexec sleep 60`,
    );
    const stop = new AbortController();
    const speeds: unknown[] = [];
    let signs = 0;
    const pids = () => readFileSync(note, 'utf8').trim().split('\n').map(Number);
    const over = fakes.in(folder, () =>
      runObd(config, { onReading: (reading) => speeds.push(reading) }, () => (signs += 1), stop.signal),
    );
    await until(() => speeds.length === 2 && pids().length === 2);
    stop.abort();
    expect(await over).toEqual({ kind: 'aborted' });
    expect(speeds).toEqual([{ speedKmh: 50 }, { speedKmh: 51 }]);
    expect(signs).toBe(2);
    expect(pids().map(isAlive)).toEqual([false, false]);
  });

  it.each([
    ['is-gone', 'echo "SIOCGIFINDEX: No such device" >&2; exit 1', 'there is no CAN interface can0'],
    [
      'is-down',
      'echo "read: Network is down" >&2; exit 1',
      'can0 is down: ip link set can0 up type can bitrate 500000',
    ],
    [
      'is-unknown',
      'echo "socket: Address family not supported by protocol" >&2; exit 1',
      'the kernel has no SocketCAN: modprobe can_raw',
    ],
    ['breaks', 'echo "read: Bad news" >&2; exit 3', 'candump on can0 ended (status 3): read: Bad news'],
  ])('says that the interface %s', async (name, body, reason) => {
    const end = await fakes.in(canUtils(name, body), () =>
      runObd(config, { onReading: () => undefined }, () => undefined, new AbortController().signal),
    );
    expect(end).toEqual({ kind: 'failed', reason });
  });

  it('says that can-utils are missing', async () => {
    const before = process.env['PATH'];
    process.env['PATH'] = join(root, 'nothing');
    const over = runObd(
      config,
      { onReading: () => undefined },
      () => undefined,
      new AbortController().signal,
    );
    process.env['PATH'] = before;
    expect(await over).toMatchObject({
      kind: 'failed',
      reason: /is not installed: apt-get install can-utils/,
    });
  });
});

describe('the role can', () => {
  it('tells watch the speed, says when it is lost and comes back', async () => {
    const came: LinkContext[] = [];
    const nothing = () => undefined;
    const path = join(root, 'watch.sock');
    const handlers = { onContext: (m: LinkContext) => void came.push(m), onAck: nothing, onTrip: nothing };
    const server = await startLinkServer(path, { ...handlers, onUplink: nothing }, logger().log);
    const broken = join(root, 'broken');
    const folder = canUtils(
      'role',
      `while [ ! -e ${broken} ]; do echo '${frame('03410D48')}'; sleep 0.05; done
echo "read: Network is down" >&2
exit 1`,
    );
    const stop = new AbortController();
    const over = fakes.in(folder, () =>
      runCan({
        config: contextConfig.parse({ speed: ['obd'] }),
        link: path,
        clock: testClock,
        log: logger().log,
        signal: stop.signal,
        retry: { retryMinMs: 50, retryMaxMs: 100, silentAfterMs: 2000 },
      }),
    );
    const last = () => came.at(-1);
    await until(() => last()?.speedKmh === 72);
    expect(last()).toMatchObject({ source: 'obd', fault: null, ignitionOn: null, position: null });
    writeFileSync(broken, '');
    await until(() => last()?.fault != null);
    expect(last()?.fault).toBe('OBD-II: can0 is down: ip link set can0 up type can bitrate 500000');
    rmSync(broken);
    await until(() => last()?.fault === null && last()?.speedKmh === 72);
    stop.abort();
    await over;
    await server.close();
  });
});
