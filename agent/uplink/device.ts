/**
 * Load and temperature of the device, by systeminformation, which is loaded at the first call: it is large,
 * and of use only where there is a broker. What it cannot tell is `null`, never an error.
 */

export interface DeviceLoad {
  /** Of the whole device, 100 = all cores. */
  readonly cpuPercent: number | null;
  /** Hottest sensor of the processor [deg C]. */
  readonly temperatureC: number | null;
}

/** Reads both now. Never rejects. */
export async function deviceLoad(): Promise<DeviceLoad> {
  try {
    const { default: information } = await import('systeminformation');
    const [load, temperature] = await Promise.all([information.currentLoad(), information.cpuTemperature()]);
    return {
      cpuPercent: plausible(load.currentLoad, 0),
      temperatureC: plausible(temperature.max, -60),
    };
  } catch {
    return { cpuPercent: null, temperatureC: null };
  }
}

/** Absent sensors read as null, NaN, -1 or (in virtual machines) 0 kelvin. */
function plausible(value: number | null | undefined, least: number): number | null {
  if (value === null || value === undefined || !Number.isFinite(value) || value < least) return null;
  return Math.round(value * 10) / 10;
}
