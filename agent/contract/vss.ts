/**
 * Our measures as signals of the COVESA Vehicle Signal Specification (VSS 4 names).
 *
 * In: a telemetry message. Out: VSS path to value, in the unit VSS asks for; what is not known is left
 * out. What VSS has no signal for lies in a private branch (an overlay, as VSS provides).
 */
import type { TelemetryMessage } from './status-message.ts';

/** One signal. */
export interface VssSignal {
  readonly path: string;
  readonly type: 'float' | 'boolean' | 'uint8';
  /** VSS unit; null for those without. */
  readonly unit: 'percent' | 'degrees' | 'km/h' | 'cpm' | 'ms' | null;
  /** Field of telemetry it comes from. */
  readonly from: string;
  /** How it is reckoned, in words. */
  readonly how: string;
  readonly value: (telemetry: TelemetryMessage) => number | boolean | null;
}

const PRIVATE = 'Vehicle.Private.Cabinwatch';
/** Karolinska scale 1 (very alert) to 9 (fighting sleep) as 0-100. */
const fatiguePercent = (kss: number): number => ((kss - 1) / 8) * 100;

const scaled = (value: number | null | undefined, by: (known: number) => number): number | null =>
  value === null || value === undefined ? null : by(value);
const same = (value: number): number => value;
const percent = (share: number): number => share * 100;

const head = 'Vehicle.Occupant.Row1.DriverSide.HeadPosition';

/** The signals a device can tell. Context that comes from the vehicle is read, not told. */
export const VSS_SIGNALS: readonly VssSignal[] = [
  {
    path: 'Vehicle.Driver.FatigueLevel',
    type: 'float',
    unit: 'percent',
    from: 'driver.kssEstimate',
    how: 'KSS 1-9 as 0-100',
    value: ({ driver }) => scaled(driver?.kssEstimate, fatiguePercent),
  },
  {
    path: 'Vehicle.Driver.DistractionLevel',
    type: 'float',
    unit: 'percent',
    from: 'driver.level',
    how: 'attention level 0-3 as 0-100',
    value: ({ driver }) => scaled(driver?.level, (level) => (level / 3) * 100),
  },
  {
    path: `${head}.Yaw`,
    type: 'float',
    unit: 'degrees',
    from: 'driver.yawDeg',
    how: 'as it is, positive to the left',
    value: ({ driver }) => scaled(driver?.yawDeg, same),
  },
  {
    path: `${head}.Pitch`,
    type: 'float',
    unit: 'degrees',
    from: 'driver.pitchDeg',
    how: 'as it is, positive up',
    value: ({ driver }) => scaled(driver?.pitchDeg, same),
  },
  {
    path: `${head}.Roll`,
    type: 'float',
    unit: 'degrees',
    from: 'driver.rollDeg',
    how: "as it is, positive to the driver's right shoulder",
    value: ({ driver }) => scaled(driver?.rollDeg, same),
  },
  {
    path: 'Vehicle.ADAS.DMS.IsEnabled',
    type: 'boolean',
    unit: null,
    from: 'driver',
    how: 'the watching role answers',
    value: ({ driver }) => driver !== null,
  },
  {
    path: 'Vehicle.ADAS.DMS.IsWarning',
    type: 'boolean',
    unit: null,
    from: 'driver.level',
    how: 'attention level 1 or more',
    value: ({ driver }) => (driver === null ? null : driver.level > 0),
  },
  {
    path: 'Vehicle.Speed',
    type: 'float',
    unit: 'km/h',
    from: 'speedKmh',
    how: 'as it was read',
    value: ({ speedKmh }) => speedKmh,
  },
  {
    path: `${PRIVATE}.Perclos60`,
    type: 'float',
    unit: 'percent',
    from: 'driver.perclos60',
    how: 'share as percent',
    value: ({ driver }) => scaled(driver?.perclos60, percent),
  },
  {
    path: `${PRIVATE}.Perclos180`,
    type: 'float',
    unit: 'percent',
    from: 'driver.perclos180',
    how: 'share as percent',
    value: ({ driver }) => scaled(driver?.perclos180, percent),
  },
  {
    path: `${PRIVATE}.BlinkRate`,
    type: 'float',
    unit: 'cpm',
    from: 'driver.blinksPerMinute',
    how: 'as it is',
    value: ({ driver }) => scaled(driver?.blinksPerMinute, same),
  },
  {
    path: `${PRIVATE}.MeanBlinkDuration`,
    type: 'float',
    unit: 'ms',
    from: 'driver.meanBlinkMs',
    how: 'as it is',
    value: ({ driver }) => scaled(driver?.meanBlinkMs, same),
  },
  {
    path: `${PRIVATE}.IsFaceSeen`,
    type: 'boolean',
    unit: null,
    from: 'driver.faceSeen',
    how: 'as it is',
    value: ({ driver }) => driver?.faceSeen ?? null,
  },
];

/** VSS signals near to ours that are not told, and why. */
export const VSS_NOT_TOLD: readonly { readonly path: string; readonly why: string }[] = [
  { path: 'Vehicle.Driver.AttentiveProbability', why: 'no probability is estimated' },
  { path: 'Vehicle.Driver.IsEyesOnRoad', why: 'where the road is depends on how the camera is mounted' },
  {
    path: 'Vehicle.Occupant.Row1.DriverSide.MidEyeGaze.Azimuth, .Elevation',
    why: 'the gaze is judged and not sent',
  },
  { path: 'Vehicle.ADAS.DMS.IsError', why: 'the health topic says which part and why' },
];

/** Signals of one telemetry message; what is not known is left out. */
export function toVss(telemetry: TelemetryMessage): Record<string, number | boolean> {
  const signals: Record<string, number | boolean> = {};
  for (const { path, value } of VSS_SIGNALS) {
    const known = value(telemetry);
    if (known !== null) signals[path] = known;
  }
  return signals;
}

/** The table of agent/contract/README.md. */
export function vssTable(): string {
  const told = VSS_SIGNALS.map(
    ({ path, type, unit, from, how }) => `| \`${path}\` | ${type} | ${unit ?? ''} | \`${from}\` | ${how} |`,
  );
  const notTold = VSS_NOT_TOLD.map(({ path, why }) => `| \`${path}\` | | | | not told: ${why} |`);
  return [
    '| VSS signal | type | unit | from telemetry | how |',
    '|---|---|---|---|---|',
    ...told,
    ...notTold,
  ].join('\n');
}
