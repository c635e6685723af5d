/** A drive due north as a GPS receiver says it: NMEA 0183, RMC and GGA of one second. */

const START_LATITUDE_DEG = 48.12;
const KMH_PER_KNOT = 1.852;
/** A minute of latitude is a nautical mile. */
const MINUTES_PER_KM = 1 / KMH_PER_KNOT;

function sentence(body: string): string {
  let sum = 0;
  for (const sign of body) sum ^= sign.charCodeAt(0);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`;
}

/** @param second since the start */
export function nmeaFix(second: number, kmh: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const time = `12${two((second / 60) % 60)}${two(second % 60)}.00`;
  const minutes = (START_LATITUDE_DEG % 1) * 60 + (kmh / 3600) * second * MINUTES_PER_KM;
  const latitude = `48${minutes.toFixed(4).padStart(7, '0')},N`;
  const knots = (kmh / KMH_PER_KNOT).toFixed(2);
  return (
    sentence(`GPRMC,${time},A,${latitude},01131.0000,E,${knots},000.0,221126,,,A`) +
    sentence(`GPGGA,${time},${latitude},01131.0000,E,1,08,0.9,545.4,M,46.9,M,,`)
  );
}
