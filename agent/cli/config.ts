/** `config check FILE`, `config schema`, `config show`. */
import { ConfigError, loadConfig } from '../../config/load.ts';
import { shownValues } from '../../config/show.ts';
import { configJsonSchema } from '../../config/tree.ts';
import { openLines, readArguments, UsageError, type Command } from './command.ts';

export const command: Command = {
  summary: 'check a configuration, show the effective one, print its JSON Schema',
  usage: ['config check FILE [--json OUT]', 'config show [--config FILE] [--json OUT]', 'config schema'],
  run([verb, ...argv]) {
    if (verb === 'check') return check(argv);
    if (verb === 'show') return show(argv);
    if (verb === 'schema') return schema();
    throw new UsageError(verb === undefined ? 'check, show or schema?' : `there is no "config ${verb}"`);
  },
};

async function check(argv: readonly string[]): Promise<number> {
  const { values, positionals } = readArguments(argv, { json: { type: 'string' } });
  const [file, ...more] = positionals;
  if (file === undefined || more.length > 0) throw new UsageError('name one file to check');
  const error = faultsOf(file);
  const faults = error?.faults ?? [];
  if (values.json !== undefined) await writeJson(values.json, { file, ok: faults.length === 0, faults });
  if (error !== null) process.stderr.write(`${error.message}\n`);
  const verdict = ['no fault', '1 fault'][faults.length] ?? `${faults.length} faults`;
  process.stderr.write(`${file}: ${verdict}\n`);
  return faults.length === 0 ? 0 : 2;
}

/** Only the file itself is checked: the environment of whoever checks it is left out. */
function faultsOf(file: string): ConfigError | null {
  try {
    loadConfig({ file, environment: {} });
    return null;
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

async function show(argv: readonly string[]): Promise<number> {
  const { values } = readArguments(argv, { config: { type: 'string' }, json: { type: 'string' } });
  const rows = shownValues(loadConfig({ file: values.config }));
  if (values.json !== undefined) await writeJson(values.json, rows);
  else {
    const width = Math.max(...rows.map((row) => row.path.length));
    for (const { path, value, layer } of rows) {
      process.stdout.write(`${path.padEnd(width)}  ${JSON.stringify(value)}  (${layer})\n`);
    }
  }
  return 0;
}

function schema(): Promise<number> {
  process.stdout.write(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return Promise.resolve(0);
}

async function writeJson(file: string, value: unknown): Promise<void> {
  const out = await openLines(file);
  out.line(JSON.stringify(value, null, 2));
  await out.close();
}
