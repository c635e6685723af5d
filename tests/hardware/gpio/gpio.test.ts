/** GPIO lines by libgpiod's tools, in both of their languages: warning output, button, ignition. */
import { spawn, type ChildProcess } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { configSchema } from '../../../config/schema.ts';
import { debounced, LONG_PRESS_MS } from '../../../hardware/gpio/button.ts';
import { gpioOutput, watchButton, watchIgnition } from '../../../hardware/gpio/index.ts';
import type { Speaker } from '../../../hardware/speaker/index.ts';
import { fakeGpio, type FakeGpio } from '../../fakes/gpiod.ts';

/** Tries quickly, so that tests do not wait. */
const WAITS = { minMs: 20, maxMs: 40 };
const OWNER = join(import.meta.dirname, '../../fakes/gpio-owner.ts');
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await sleep(5);
};

let gpio: FakeGpio;
let health: (string | null)[];
let stop: AbortController;
let ends: (() => Promise<unknown>)[];
const onHealth = (fault: string | null): void => void health.push(fault);

function install(syntax: 1 | 2): void {
  gpio = fakeGpio(syntax);
  vi.stubEnv('PATH', `${gpio.path}:${process.env['PATH'] ?? ''}`);
}
beforeEach(() => {
  [health, ends, stop] = [[], [], new AbortController()];
});
afterEach(async () => {
  stop.abort();
  await Promise.all(ends.map((end) => end()));
  vi.unstubAllEnvs();
  gpio.remove();
});

function output(changes: object = {}): Speaker {
  const { warn } = configSchema.parse({ warn: { gpio: { line: 17, ...changes } } });
  if (warn.gpio === undefined) throw new Error('no output');
  const opened = gpioOutput(warn.gpio, onHealth, WAITS);
  ends.push(() => opened.close());
  return opened;
}
function button(onPress: () => void): void {
  const config = configSchema.parse({ gpio: { button: { line: 27 } } }).gpio.button;
  if (config === undefined) throw new Error('no button');
  const ended = watchButton(config, { onPress, onHealth, signal: stop.signal, waits: WAITS });
  ends.push(() => ended);
}
function ignition(onLevel: (on: boolean) => void): void {
  const config = configSchema.parse({ gpio: { ignition: { line: 22, everyMs: 200 } } }).gpio.ignition;
  if (config === undefined) throw new Error('no ignition');
  const ended = watchIgnition(config, { onLevel, onHealth, signal: stop.signal, waits: WAITS });
  ends.push(() => ended);
}
function startOwner(what: 'output' | 'button'): ChildProcess {
  const owner = spawn(process.execPath, [OWNER, what], { stdio: 'ignore' });
  ends.push(() => Promise.resolve(owner.kill('SIGKILL')));
  return owner;
}

describe.each([1, 2] as const)('tools of libgpiod %i', (syntax) => {
  beforeEach(() => install(syntax));

  describe('a warning line', () => {
    it('is driven low when it is opened, and is well', async () => {
      output();
      await until(() => health.length > 0);
      expect([gpio.driven(), health]).toEqual([['0'], [null]]);
    });

    it('pulses as its severity says and ends low', async () => {
      const line = output({ patterns: { critical: [20, 10, 30] }, activeLow: true });
      await until(() => health.length > 0);
      await line.sound({ kind: 'sleep', severity: 3 });
      expect(gpio.driven().join('').replace(/0+$/, '0')).toBe('01010');
      expect(health).toEqual([null, null]);
      expect(gpio.calls().every((call) => call.includes(' --active-low '))).toBe(true);
    });

    it('ends a train for a graver one, which finds the line free', async () => {
      const line = output({ patterns: { notice: [10_000], critical: [20] } });
      await until(() => health.length > 0);
      const lesser = line.sound({ kind: 'face-lost', severity: 1 });
      await until(() => gpio.level() === '1');
      await line.sound({ kind: 'sleep', severity: 3 });
      await lesser;
      expect([gpio.level(), gpio.held(), health]).toEqual(['0', false, [null, null]]);
    });

    it('is low when the agent ends in the middle of a train', async () => {
      const line = output({ patterns: { critical: [10_000] } });
      const train = line.sound({ kind: 'sleep', severity: 3 });
      await until(() => gpio.level() === '1');
      await line.close();
      await train;
      expect([gpio.level(), gpio.held()]).toEqual(['0', false]);
    });

    it.each(['SIGKILL', 'SIGTERM'] as const)('is low when the agent dies by %s', async (signal) => {
      const owner = startOwner('output');
      await until(() => gpio.level() === '1');
      owner.kill(signal);
      await until(() => gpio.level() === '0' && !gpio.held());
    });

    it('that another program has is a health value, and is tried until it can be had', async () => {
      const give = gpio.take();
      output();
      await until(() => health.length > 2);
      expect(new Set(health)).toEqual(
        new Set([
          'gpioset on line 17 of gpiochip0 failed: gpioset: error requesting lines: Device or resource busy (another program uses it)',
        ]),
      );
      give();
      await until(() => health.at(-1) === null);
      expect(gpio.level()).toBe('0');
    });

    it('that the user may not have is a health value that names the group', async () => {
      gpio.deny();
      output();
      await until(() => health.length > 0);
      expect(health[0]).toMatch(/Permission denied \(the user needs the group that owns the chip: gpio\)$/);
    });

    it('that is taken during a cue is a health value, and the next cue is tried', async () => {
      const line = output({ patterns: { critical: [20] } });
      await until(() => health.length === 1);
      const give = gpio.take();
      await line.sound({ kind: 'sleep', severity: 3 });
      give();
      await line.sound({ kind: 'sleep', severity: 3 });
      expect(health).toEqual([null, expect.stringContaining('busy'), null]);
    });
  });

  describe('a button', () => {
    it('tells each press once, though its contact bounces', async () => {
      const pressed = vi.fn();
      button(pressed);
      await until(() => gpio.held());
      for (let n = 1; n <= 2; n += 1) {
        [true, false, true].forEach((active) => gpio.edge(active));
        await sleep(100);
        [false, true, false].forEach((active) => gpio.edge(active));
        await until(() => pressed.mock.calls.length === n);
      }
      await sleep(100);
      expect(pressed).toHaveBeenCalledTimes(2);
      expect(new Set(health)).toEqual(new Set([null]));
    });

    it('that another program has is a health value, and is tried until it can be had', async () => {
      const give = gpio.take();
      button(() => undefined);
      await until(() => health.length > 2);
      expect(health[0]).toMatch(
        /^gpiomon on line 27 of gpiochip0 failed: .*busy \(another program uses it\)$/,
      );
      give();
      await until(() => health.at(-1) === null);
    });

    it('is let go when the agent is killed: the next one gets it', async () => {
      const owner = startOwner('button');
      await until(() => gpio.held());
      owner.kill('SIGKILL');
      await until(() => !gpio.held());
    });
  });

  it('an ignition line is read again and again', async () => {
    const levels: boolean[] = [];
    ignition((on) => levels.push(on));
    await until(() => levels.length === 2);
    gpio.setLevel(true);
    await until(() => levels.at(-1) === true);
    expect(levels.slice(0, 2)).toEqual([false, false]);
    const give = gpio.take();
    await until(() => health.at(-1) !== null);
    expect(health.at(-1)).toMatch(/^gpioget on line 22 of gpiochip0 failed: .*busy/);
    give();
    await until(() => health.at(-1) === null);
  });
});

describe('tools that are not there', () => {
  beforeEach(() => install(2));

  it('are a health value of every line, and nothing ends', async () => {
    const empty = join(gpio.path, 'nothing');
    vi.stubEnv('PATH', empty);
    button(() => undefined);
    ignition(() => undefined);
    const line = output();
    await until(() => health.length > 6);
    await line.sound({ kind: 'sleep', severity: 3 });
    expect(new Set(health)).toEqual(new Set(['gpioset is not installed: apt-get install gpiod']));
  });

  it('or of a version that nobody knows, are said to be so', async () => {
    writeFileSync(join(gpio.path, 'gpioset'), '#!/bin/sh\necho "gpioset 3.0"\n');
    output();
    await until(() => health.length > 0);
    expect(health[0]).toBe('gpioset --version told no version that is known (1.6 or 2.x): gpioset 3.0');
  });
});

describe('a press', () => {
  beforeEach(() => {
    install(1);
    vi.useFakeTimers();
  });
  afterEach(() => vi.useRealTimers());

  it.each([
    [100, 1],
    [LONG_PRESS_MS - 1, 1],
    [LONG_PRESS_MS, 0],
    [60_000, 0],
  ])('of %i ms acknowledges %i times', (heldMs, times) => {
    const pressed = vi.fn();
    const contact = debounced(30, () => performance.now(), pressed);
    contact.edge(true);
    vi.advanceTimersByTime(heldMs);
    contact.edge(false);
    vi.advanceTimersByTime(1000);
    expect(pressed).toHaveBeenCalledTimes(times);
  });

  it('that was begun before anybody looked is none', () => {
    const pressed = vi.fn();
    const contact = debounced(30, () => performance.now(), pressed);
    contact.edge(false);
    vi.advanceTimersByTime(1000);
    expect(pressed).not.toHaveBeenCalled();
  });
});
