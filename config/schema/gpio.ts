/** Lines of a GPIO chip: a warning output, an acknowledge button, the ignition. */
import { z } from 'zod';
import { ms } from './units.ts';

const chip = z
  .string()
  .regex(/^[A-Za-z0-9_./-]+$/, 'a chip as gpiodetect lists it, as gpiochip0')
  .default('gpiochip0')
  .describe('GPIO chip, as gpiodetect lists it');
const line = z.number().int().min(0).max(1023).describe('Offset of the line on its chip [count]');
const activeLow = (value: boolean, text: string) =>
  z.boolean().default(value).describe(`The line is active when its voltage is low (${text})`);
const bias = (value: 'as-is' | 'pull-up' | 'pull-down', text: string) =>
  z.enum(['as-is', 'pull-up', 'pull-down']).default(value).describe(`Resistor within the chip (${text})`);

const pulses = (value: number[], text: string) =>
  z
    .array(z.number().int().min(10).max(10_000))
    .min(1)
    .max(31)
    .refine(({ length }) => length % 2 === 1, 'an odd number of times: on, off, on, ... , on')
    .refine((times) => times.reduce((sum, time) => sum + time, 0) <= 30_000, 'at most 30 s in all')
    .default(value)
    .describe(`${text}: on, off, on, ... [ms] (choice)`);

const patterns = z
  .strictObject({
    notice: pulses([150], 'Notice'),
    warning: pulses([250, 150, 250], 'Warning'),
    critical: pulses([120, 80, 120, 80, 120, 80, 120, 80, 120], 'Critical'),
  })
  .prefault({})
  .describe('What the line does at a warning; repeated with the sound');

/** Only where `warn.gpio` is written: a line that nobody wired is not touched. */
export const gpioOutputConfig = z
  .strictObject({ chip, line, activeLow: activeLow(false, 'a relay board that switches on low'), patterns })
  .describe('A line that drives a buzzer, lamp or vibrator; left out = none');

const buttonConfig = z
  .strictObject({
    chip,
    line,
    activeLow: activeLow(true, 'default: a button to ground'),
    bias: bias('pull-up', 'default: a button to ground'),
    debounceMs: ms(
      30,
      1,
      500,
      'A level counts once it is steady for so long (choice: contacts bounce 1-20 ms)',
    ),
  })
  .describe('Button that acknowledges; left out = none');

const ignitionConfig = z
  .strictObject({
    chip,
    line,
    activeLow: activeLow(false, 'an optocoupler that pulls low'),
    bias: bias('pull-down', 'default: a broken wire reads as off'),
    everyMs: ms(1000, 200, 10_000, 'The line is read so often (choice)'),
    stopAfterOffMs: z
      .number()
      .min(5000)
      .max(3_600_000)
      .optional()
      .describe(
        'Once it was on: off for so long ends watch with status 0, before the power goes; left out = never [ms]',
      ),
  })
  .describe('Input that follows the ignition (or a power-hold circuit); left out = none');

export const gpioConfig = z
  .strictObject({ button: buttonConfig.optional(), ignition: ignitionConfig.optional() })
  .prefault({})
  .describe('Inputs on GPIO lines');

export type GpioConfig = z.output<typeof gpioConfig>;
export type GpioOutputConfig = z.output<typeof gpioOutputConfig>;
export type ButtonConfig = z.output<typeof buttonConfig>;
export type IgnitionConfig = z.output<typeof ignitionConfig>;
