/**
 * Values of vehicle signals as they travel over MQTT: a plain number or word, or JSON, bare or as
 * `{"value": ...}` (VSS feeders do either). In: a payload, untrusted. Out: the value, or `null`.
 */

/** Longest payload that can hold one signal [bytes]. */
const MAX_BYTES = 1024;
/** VSS 4 `Vehicle.LowVoltageSystemState`, and what simple senders write. ACC: radio on, engine off. */
const ON = new Set(['on', 'start', 'true', '1']);
const OFF = new Set(['off', 'acc', 'lock', 'false', '0']);

/** A speed [km/h] as it was told; `null` when the payload holds no finite number. */
export function speedOf(payload: Uint8Array): number | null {
  const value = valueOf(payload);
  if (typeof value !== 'number' && typeof value !== 'string') return null;
  if (typeof value === 'string' && value.trim() === '') return null;
  const speed = Number(value);
  return Number.isFinite(speed) ? speed : null;
}

/** The ignition; `null` when the payload does not say (VSS: UNDEFINED). */
export function ignitionOf(payload: Uint8Array): boolean | null {
  const value = valueOf(payload);
  if (!['string', 'number', 'boolean'].includes(typeof value)) return null;
  const word = String(value).trim().toLowerCase();
  if (ON.has(word)) return true;
  return OFF.has(word) ? false : null;
}

function valueOf(payload: Uint8Array): unknown {
  if (payload.length > MAX_BYTES) return null;
  const text = new TextDecoder().decode(payload);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return text;
  }
  const inner = content as { value?: unknown } | null;
  return typeof inner === 'object' && inner !== null ? inner.value : content;
}
