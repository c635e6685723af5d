/**
 * The command lines of libgpiod's tools, of both of their languages: 1.6 (Debian 12, Ubuntu 22.04 and 24.04)
 * and 2.x (Debian 13, Raspberry Pi OS).
 *
 * In:  a line of a chip, what shall be done with it.
 * Out: shell commands; none of their words needs quoting (the settings allow no others).
 */
import { execFile } from 'node:child_process';
import { hinted } from '../device-hints.ts';
import type { Ending } from './guarded.ts';

/** Major version of libgpiod's tools. */
export type Syntax = 1 | 2;

export interface Line {
  /** As `gpiodetect` lists it. */
  readonly chip: string;
  readonly line: number;
  readonly activeLow: boolean;
}

export interface InputLine extends Line {
  readonly bias: 'as-is' | 'pull-up' | 'pull-down';
}

/** `gpioset --version` takes a few ms [ms]. */
const VERSION_WITHIN_MS = 3000;

/**
 * Which language the installed tools speak.
 * @throws Error in one sentence: not installed, or a version that is not known
 */
export function findSyntax(): Promise<Syntax> {
  return new Promise((resolve, reject) => {
    execFile('gpioset', ['--version'], { timeout: VERSION_WITHIN_MS }, (error, stdout) => {
      const major = /\bv?(\d+)\.\d+/.exec(stdout)?.[1];
      if (error?.code === 'ENOENT')
        reject(new Error('gpioset is not installed: apt-get install gpiod', { cause: error }));
      else if (major === '1' || major === '2') resolve(major === '1' ? 1 : 2);
      else
        reject(new Error(`gpioset --version told no version that is known (1.6 or 2.x): ${stdout.trim()}`));
    });
  });
}

/** Drives the line to its inactive level and lets it go. */
export function offCommand(syntax: Syntax, line: Line): string {
  return syntax === 1 ? setOne(line, 0, '--mode=exit') : `${setTwo(line)} --toggle 0 ${line.line}=0`;
}

/** Drives the line on, off, on, ... for these times [ms], then ends. */
export function pulseCommand(syntax: Syntax, line: Line, timesMs: readonly number[]): string {
  if (syntax === 2) {
    const periods = timesMs.map((time) => `${time}ms`).join(',');
    return `${setTwo(line)} --toggle ${periods},0 ${line.line}=1`;
  }
  return timesMs
    .map((time, i) => {
      const wait = `--mode=time --sec=${Math.floor(time / 1000)} --usec=${(time % 1000) * 1000}`;
      return setOne(line, i % 2 === 0 ? 1 : 0, wait);
    })
    .join(' && ');
}

/** A line `1` at each edge to active, `0` (1.6) or `2` (2.x) at each edge to inactive. */
export function edgesCommand(syntax: Syntax, line: InputLine): string {
  return syntax === 1
    ? `gpiomon${flagLow(line)}${biasOf(line)} --line-buffered --format=%e ${line.chip} ${line.line}`
    : `gpiomon --chip ${line.chip} --consumer cabinwatch${flagLow(line)}${biasOf(line)} --format %e ${line.line}`;
}

/** The line's level, `0` or `1`, again and again. */
export function levelsCommand(syntax: Syntax, line: InputLine, everyMs: number): string {
  const read =
    syntax === 1
      ? `gpioget${flagLow(line)}${biasOf(line)} ${line.chip} ${line.line}`
      : `gpioget --chip ${line.chip} --consumer cabinwatch${flagLow(line)}${biasOf(line)} --numeric ${line.line}`;
  return `while ${read} && sleep ${everyMs / 1000}; do :; done; exit 1`;
}

const setOne = (line: Line, value: 0 | 1, mode: string): string =>
  `gpioset${flagLow(line)} ${mode} ${line.chip} ${line.line}=${value}`;
const setTwo = (line: Line): string => `gpioset --chip ${line.chip} --consumer cabinwatch${flagLow(line)}`;
const flagLow = ({ activeLow }: Line): string => (activeLow ? ' --active-low' : '');
const biasOf = ({ bias }: InputLine): string => (bias === 'as-is' ? '' : ` --bias=${bias}`);

/** Why a tool that held a line ended, in one sentence. */
export function endingInWords(tool: string, { chip, line }: Line, { status, complaint }: Ending): string {
  const why = complaint === '' ? `status ${status ?? 'unknown'}` : withHint(complaint);
  return `${tool} on line ${line} of ${chip} failed: ${why}`;
}

const withHint = (complaint: string): string =>
  /permission denied/i.test(complaint)
    ? `${complaint} (the user needs the group that owns the chip: gpio)`
    : hinted(complaint);
