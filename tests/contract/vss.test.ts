/** Measures as VSS signals. */
import { describe, expect, it } from 'vitest';
import { EXAMPLES } from '../../agent/contract/examples.ts';
import { telemetryMessage, toVss, VSS_SIGNALS } from '../../agent/contract/index.ts';
import type { TelemetryMessage } from '../../agent/contract/index.ts';

const telemetry = EXAMPLES.telemetry['telemetry']!;
const withDriver = (changes: Partial<NonNullable<TelemetryMessage['driver']>>): TelemetryMessage => ({
  ...telemetry,
  driver: { ...telemetry.driver!, ...changes },
});

describe('VSS signals', () => {
  it('are in the units VSS asks for', () => {
    expect(toVss(telemetry)).toMatchObject({
      'Vehicle.Driver.FatigueLevel': 56.25,
      'Vehicle.Driver.DistractionLevel': 0,
      'Vehicle.Occupant.Row1.DriverSide.HeadPosition.Yaw': 3.1,
      'Vehicle.ADAS.DMS.IsWarning': false,
      'Vehicle.Speed': 92.5,
    });
    const worst = toVss(withDriver({ kssEstimate: 9, level: 3 }));
    expect(worst['Vehicle.Driver.FatigueLevel']).toBe(100);
    expect(worst['Vehicle.Driver.DistractionLevel']).toBe(100);
    expect(worst['Vehicle.ADAS.DMS.IsWarning']).toBe(true);
    expect(toVss(withDriver({ kssEstimate: 1 }))['Vehicle.Driver.FatigueLevel']).toBe(0);
  });

  it('leave out what is not known', () => {
    expect(toVss(withDriver({ kssEstimate: null }))).not.toHaveProperty(['Vehicle.Driver.FatigueLevel']);
    expect(toVss({ ...telemetry, driver: null, speedKmh: null })).toEqual({
      'Vehicle.ADAS.DMS.IsEnabled': false,
    });
  });

  it('come from fields that telemetry has', () => {
    const driver = telemetryMessage.shape.driver.unwrap();
    for (const { from } of VSS_SIGNALS) {
      const [first, second] = from.split('.');
      expect(Object.keys(telemetryMessage.shape)).toContain(first);
      if (second !== undefined) expect(Object.keys(driver.shape)).toContain(second);
    }
  });
});
