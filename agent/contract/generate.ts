/**
 * `npm run contract`: writes what is generated from the schemas, here and in README.md (the VSS table).
 * With `--check` it writes nothing and exits with 1 when something is out of date.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { asyncApi, jsonSchemaOf } from './asyncapi.ts';
import { CHANNELS, SCHEMA_VERSION } from './topics.ts';
import { vssTable } from './vss.ts';

const here = new URL('./', import.meta.url);
const TABLE = /(<!-- vss -->\n)[\s\S]*?(\n<!-- \/vss -->)/;

/** Path relative to this folder to its content. */
export function generatedFiles(): Map<string, string> {
  const readme = readFileSync(new URL('README.md', here), 'utf8');
  // The document's version is the layout's, so that a release that changes no message changes no document.
  const document = stringify(asyncApi(`${String(SCHEMA_VERSION)}.0.0`), {
    lineWidth: 110,
    aliasDuplicateObjects: false,
  });
  return new Map([
    ...CHANNELS.map((channel): [string, string] => [
      `generated/${channel}.schema.json`,
      `${JSON.stringify(jsonSchemaOf(channel), null, 2)}\n`,
    ]),
    ['generated/asyncapi.yaml', document],
    ['README.md', readme.replace(TABLE, (_, open: string, close: string) => `${open}${vssTable()}${close}`)],
  ]);
}

/** Files that are not as they would be generated now. */
export function outdated(): string[] {
  return [...generatedFiles()]
    .filter(([path, content]) => {
      const file = new URL(path, here);
      return !existsSync(file) || readFileSync(file, 'utf8') !== content;
    })
    .map(([path]) => path);
}

if (import.meta.main) {
  const files = outdated();
  if (process.argv.includes('--check')) {
    process.exitCode = files.length === 0 ? 0 : 1;
    console.error(
      files.length === 0 ? 'The contract is up to date.' : `Run npm run contract: ${files.join(', ')}`,
    );
  } else {
    const contents = generatedFiles();
    for (const path of files) writeFileSync(new URL(path, here), contents.get(path)!);
    console.error(files.length === 0 ? 'The contract is up to date.' : `Written: ${files.join(', ')}`);
  }
}
