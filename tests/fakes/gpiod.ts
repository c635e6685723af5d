/**
 * Stand-ins for libgpiod's gpioset, gpiomon and gpioget in their two languages; each refuses the other's options.
 *
 * Like the kernel's, a line belongs to one program at a time and is free when that one is dead (a lock that dies
 * with it). Unlike some chips, the line keeps its level when it is let go: the worst case for a buzzer.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Syntax } from '../../hardware/gpio/tools.ts';

export interface FakeGpio {
  /** To be searched for programs before all others. */
  readonly path: string;
  /** Level of the output line, as a voltmeter would tell after `activeLow`; `null` = never driven. */
  level(): string | null;
  /** Every level that the output line was given, in order. */
  driven(): string[];
  /** Arguments of every call but `--version`, with the tool's name in front. */
  calls(): string[];
  /** The button is pressed (true) or let go. */
  edge(active: boolean): void;
  /** The ignition's line. */
  setLevel(on: boolean): void;
  /** Another program has the lines, until the function that is returned is called. */
  take(): () => void;
  /** The user may not open the chip from now on. */
  deny(): void;
  /** A program holds a line now. */
  held(): boolean;
  remove(): void;
}

const HEAD = (tool: string, folder: string, version: string): string => `#!/bin/bash
dir=${folder}; tool=${tool}
[ "$1" = --version ] && { echo "$tool (libgpiod) v${version}"; exit 0; }
echo "$tool $*" >> "$dir/calls"
refuse() { echo "$tool: $*" >&2; exit 1; }
hold() {
  [ -e "$dir/denied" ] && refuse "unable to open chip '/dev/gpiochip0': Permission denied"
  exec 9>>"$dir/lock"
  [ ! -e "$dir/taken" ] && flock -n 9 || refuse "error requesting lines: Device or resource busy"
}
drive() { echo "$1" >> "$dir/driven"; }
low=0
`;

const OPTIONS: Readonly<Record<Syntax, string>> = {
  1: `while [[ $1 == -* ]]; do case $1 in
  --active-low) low=1 ;; --mode=*) mode=\${1#*=} ;; --sec=*) sec=\${1#*=} ;; --usec=*) usec=\${1#*=} ;;
  --bias=pull-up|--bias=pull-down) ;; --line-buffered) buffered=1 ;; --format=%e) format=1 ;;
  *) refuse "unrecognized option '$1'" ;; esac; shift; done
[ "$1" = gpiochip0 ] || refuse "cannot find GPIO chip '$1'"
shift
`,
  2: `while [[ $1 == -* ]]; do case $1 in
  --active-low|--numeric) ;; --bias=pull-up|--bias=pull-down) ;;
  --chip) shift; chip=$1 ;; --consumer) shift ;; --toggle) shift; toggle=$1 ;; --format) shift ;;
  *) refuse "unrecognized option '$1'" ;; esac; shift; done
[ "$chip" = gpiochip0 ] || refuse "cannot find line '$1'"
`,
};

const SET: Readonly<Record<Syntax, string>> = {
  1: `[[ $1 =~ ^[0-9]+=[01]$ ]] || refuse "invalid offset<->value mapping: $1"
hold; drive "\${1#*=}"
case $mode in exit) ;; time) sleep "$sec.$(printf %06d "$usec")" 9>&- ;; *) refuse "invalid mode" ;; esac
`,
  2: `[[ $1 =~ ^[0-9]+=[01]$ ]] || refuse "invalid line value: '$1'"
hold; value=\${1#*=}; drive "$value"
[ -z "$toggle" ] && exec sleep 1000
IFS=, read -ra periods <<< "$toggle"
for period in "\${periods[@]}"; do
  [ "$period" = 0 ] && exit 0
  ms=\${period%ms}
  sleep "$((ms / 1000)).$(printf %03d "$((ms % 1000))")" 9>&-
  value=$((1 - value)); drive "$value"
done
refuse "the fake does not repeat"
`,
};

const MON = (falling: number, check: string): string => `${check}
[ "$1" ] || refuse "at least one GPIO line offset must be specified"
hold
exec 3<>"$dir/edges"
while read -r edge <&3; do [ "$edge" = up ] && echo 1 || echo ${falling}; done
`;
const GET = `[ "$1" ] || refuse "at least one GPIO line offset must be specified"
[ -e "$dir/taken" ] && refuse "error reading GPIO values: Device or resource busy"
cat "$dir/level"
`;

/** Makes the tools of one language. */
export function fakeGpio(syntax: Syntax): FakeGpio {
  const folder = mkdtempSync(join(tmpdir(), 'cabinwatch-gpio-'));
  const path = join(folder, 'bin');
  mkdirSync(path);
  const buffered = syntax === 1 ? '[ "$buffered$format" = 11 ] || refuse "the fake wants lines at once"' : '';
  const bodies = { gpioset: SET[syntax], gpiomon: MON(syntax === 1 ? 0 : 2, buffered), gpioget: GET };
  for (const [tool, body] of Object.entries(bodies)) {
    const head = HEAD(tool, folder, syntax === 1 ? '1.6.3' : '2.2.1');
    writeFileSync(join(path, tool), `${head}${OPTIONS[syntax]}${body}`);
    chmodSync(join(path, tool), 0o755);
  }
  execFileSync('mkfifo', [join(folder, 'edges')]);
  const edges = openSync(join(folder, 'edges'), constants.O_RDWR | constants.O_NONBLOCK);
  writeFileSync(join(folder, 'level'), '0\n');
  const lines = (name: string): string[] =>
    existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8').trim().split('\n') : [];
  return {
    path,
    level: () => lines('driven').at(-1) ?? null,
    driven: () => lines('driven'),
    calls: () => lines('calls'),
    edge: (active) => void writeSync(edges, active ? 'up\n' : 'down\n'),
    setLevel: (on) => writeFileSync(join(folder, 'level'), on ? '1\n' : '0\n'),
    take() {
      writeFileSync(join(folder, 'taken'), '');
      return () => rmSync(join(folder, 'taken'));
    },
    deny: () => writeFileSync(join(folder, 'denied'), ''),
    // Looked up, not tried: a lock of ours, however short, would be another program on the line.
    held() {
      const lock = join(folder, 'lock');
      if (!existsSync(lock)) return false;
      return readFileSync('/proc/locks', 'utf8').includes(`:${statSync(lock).ino} `);
    },
    remove() {
      closeSync(edges);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
