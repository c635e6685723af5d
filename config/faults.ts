/** What is wrong with a configuration, in words: path, what was found, what would be right, and where it was written. */
import type { z } from 'zod';
import type { ConfigFault } from './config-error.ts';
import { valueAt, type Layer } from './layers.ts';
import { didYouMean, isSecret, nodeAt } from './tree.ts';

/** All faults of a merged tree, given zod's issues. Unknown keys become one fault each. */
export function faultsFrom(issues: readonly z.core.$ZodIssue[], layers: readonly Layer[]): ConfigFault[] {
  return issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => unknownKey([...issue.path, key], layers))
      : [{ ...about(issue.path, layers), wanted: wanted(issue) }],
  );
}

function unknownKey(path: readonly PropertyKey[], layers: readonly Layer[]): ConfigFault {
  const parent = path.slice(0, -1);
  const guess = didYouMean(parent, String(path.at(-1)));
  const where = parent.length === 0 ? 'the top level' : dotted(parent);
  const hint = guess === undefined ? '' : `; did you mean ${dotted([...parent, guess])}?`;
  return { ...about(path, layers), wanted: `${where} has no such key${hint}` };
}

function about(path: readonly PropertyKey[], layers: readonly Layer[]): Omit<ConfigFault, 'wanted'> {
  const layer = blamed(path, layers);
  const value = valueAt(layer?.tree, path);
  const found = value === undefined ? 'nothing' : isSecret(path) ? '(secret)' : shortJson(value);
  return { path: dotted(path) || '(whole file)', found, layer: layer?.name ?? 'default' };
}

/** The last layer that says anything at this path, or, where something is missing, anything above it. */
function blamed(path: readonly PropertyKey[], layers: readonly Layer[]): Layer | undefined {
  if (path.length === 0) return undefined;
  const speaking = layers.findLast((layer) => valueAt(layer.tree, path) !== undefined);
  return speaking ?? blamed(path.slice(0, -1), layers);
}

function wanted(issue: z.core.$ZodIssue): string {
  const meaning = nodeAt(issue.path)?.description;
  return `wanted ${expectation(issue)}${meaning === undefined ? '' : ` — ${meaning}`}`;
}

function expectation(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return article(issue.expected);
    case 'too_small':
      return `${issue.inclusive === true ? 'at least' : 'more than'} ${String(issue.minimum)}`;
    case 'too_big':
      return `${issue.inclusive === true ? 'at most' : 'less than'} ${String(issue.maximum)}`;
    case 'invalid_value':
      return `${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map((value) => shortJson(value)).join(', ')}`;
    case 'invalid_union':
      return unionExpectation(issue);
    default:
      return issue.message;
  }
}

function unionExpectation(issue: z.core.$ZodIssueInvalidUnion): string {
  const each = issue.errors.flatMap((errors) => errors.slice(0, 1).map(expectation));
  return each.length === 0 ? issue.message : `one of ${each.join(', ')}`;
}

const article = (type: string): string =>
  ({
    number: 'a number',
    int: 'a whole number',
    string: 'a text',
    boolean: 'true or false',
    object: 'a mapping',
    record: 'a mapping',
    array: 'a list',
    tuple: 'a list',
  })[type] ?? type;

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.');

function shortJson(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
