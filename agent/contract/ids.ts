/** Ids: of messages (new each time) and of alerts (the same for all phases of one alert). */
import { v5, v7 } from 'uuid';

/** Namespace of alert ids, drawn once and fixed: another one would split alerts in two. */
const ALERT_NAMESPACE = '433eb453-f84a-4c0b-9e07-3366c9898cf2';

/** A new message id, UUIDv7: sortable by wall time where the clock is right, unique where it is not. */
export function newMessageId(): string {
  return v7();
}

/**
 * The id of an alert, the same for the same device and key for ever.
 * @param alertKey `<runKey>:<n>` as given by the judge
 */
export function alertIdOf(deviceId: string, alertKey: string): string {
  return v5(`${deviceId}/${alertKey}`, ALERT_NAMESPACE);
}
