/** Small zod builders that keep bounds and descriptions in one line each. */
import { z } from 'zod';

/** A duration in milliseconds. */
export const ms = (value: number, min: number, max: number, text: string) =>
  z.number().min(min).max(max).default(value).describe(`${text} [ms]`);

/** An angle in degrees. */
export const deg = (value: number, min: number, max: number, text: string) =>
  z.number().min(min).max(max).default(value).describe(`${text} [deg]`);

/** A share or a ratio. */
export const ratio = (value: number, min: number, max: number, text: string) =>
  z.number().min(min).max(max).default(value).describe(`${text} [ratio]`);

/** A whole number. */
export const count = (value: number, min: number, max: number, text: string) =>
  z.number().int().min(min).max(max).default(value).describe(text);

/** A strict object whose whole content may be left out. */
export const section = <T extends z.ZodRawShape>(shape: T, text: string) =>
  z
    .strictObject(shape)
    .prefault({} as never)
    .describe(text);
