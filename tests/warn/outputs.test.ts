/** The outputs that the settings name, as one. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openOutputs } from '../../agent/warn/outputs.ts';
import { configSchema } from '../../config/schema.ts';
import { fakeGpio, type FakeGpio } from '../fakes/gpiod.ts';

let gpio: FakeGpio;
beforeEach(() => {
  gpio = fakeGpio(1);
  vi.stubEnv('PATH', `${gpio.path}:${process.env['PATH'] ?? ''}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  gpio.remove();
});

it('are the speaker and the line where one is wired, each with its own health', async () => {
  const { warn } = configSchema.parse({ warn: { gpio: { line: 17, patterns: { critical: [20] } } } });
  const report = vi.fn();
  const log = { warn: vi.fn() };
  const outputs = openOutputs(warn, { report }, log);
  await outputs.sound({ kind: 'microsleep', severity: 3 });
  await outputs.close();
  expect(log.warn.mock.calls).toEqual([['SOUND microsleep (severity 3)']]);
  expect(gpio.driven()).toEqual(expect.arrayContaining(['1']));
  expect(gpio.level()).toBe('0');
  expect(report).toHaveBeenCalledWith('warning-line', 'ok', null);
});

it('touch no line where none is wired', async () => {
  const outputs = openOutputs(configSchema.parse({}).warn, { report: vi.fn() }, { warn: vi.fn() });
  await outputs.sound({ kind: 'microsleep', severity: 3 });
  await outputs.close();
  expect(gpio.calls()).toEqual([]);
});
