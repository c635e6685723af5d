/**
 * `npm run bench [-- PART [OPTIONS]]`: measures, prints, asserts nothing. Without a part: all of them.
 * Parts: frame (each chain's time a frame beside its bare networks), judge (time an observation).
 */
import { cpus } from 'node:os';

/** Each runs when it is loaded, with the options that follow its name in `process.argv`. */
const PARTS: Readonly<Record<string, () => Promise<unknown>>> = {
  frame: () => import('./frame.ts'),
  judge: () => import('./judge.ts'),
};

const [part] = process.argv.slice(2);
const wanted = part === undefined || part.startsWith('-') ? Object.keys(PARTS) : [part];
const unknown = wanted.find((name) => !(name in PARTS));
if (unknown === undefined) {
  console.log(
    `${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}, Node ${process.version}`,
  );
  for (const name of wanted) await PARTS[name]!();
} else {
  console.error(`bench: there is no part '${unknown}'; parts are ${Object.keys(PARTS).join(', ')}`);
  process.exitCode = 2;
}
