// The page: everything once, then what changes. Text is set as text, never as markup.
const $ = (id) => document.getElementById(id);
const MAX_ALERTS = 50;

const percent = (value) => (value === null ? '–' : `${Math.round(value * 100)} %`);
/** Rounded, without the sign of a zero. */
const number = (value, digits, unit) =>
  value === null ? '–' : `${value.toFixed(digits).replace(/^-(0(\.0*)?)$/, '$1')}${unit}`;
const yes = (value) => (value === null ? '–' : value ? 'yes' : 'no');

const LEVELS = ['', 'degraded', 'degraded', 'failed'];

/** Tiles of the driver: title, how it reads from the measures, and what makes it stand out. */
const TILES = [
  ['Trip', (m) => (m.tripActive ? 'active' : 'none')],
  ['Level', (m) => `${m.level} of 3`, (m) => LEVELS[m.level]],
  ['Face seen', (m) => yes(m.faceSeen)],
  ['Eyes seen', (m) => yes(m.eyesSeen)],
  ['Eye closure', (m) => percent(m.closure)],
  ['PERCLOS 60 s', (m) => percent(m.perclos60)],
  ['PERCLOS 180 s', (m) => percent(m.perclos180)],
  ['KSS estimate', (m) => number(m.kssEstimate, 1, '')],
  ['Blinks', (m) => number(m.blinksPerMinute, 0, ' /min')],
  ['Head yaw', (m) => number(m.yawFromNeutralDeg ?? m.yawDeg, 0, '°')],
  ['Head pitch', (m) => number(m.pitchFromNeutralDeg ?? m.pitchDeg, 0, '°')],
  ['Mouth', (m) => number(m.mar, 2, '')],
  ['Speech', (m) => yes(m.speech)],
  ['Calibration', (m) => (m.calibration === 'calibrating' ? percent(m.calibrationProgress) : m.calibration)],
  ['Frames', (m) => number(m.fps, 0, ' /s')],
];

const element = (name, text, className = '') =>
  Object.assign(document.createElement(name), { textContent: text, className });

const cells = TILES.map(([title]) => {
  const tile = document.createElement('div');
  const value = element('dd', '–');
  tile.append(element('dt', title), value);
  $('driver').append(tile);
  return value;
});

function showMeasurement(measurement) {
  TILES.forEach(([, read, stress], index) => {
    cells[index].textContent = measurement === null ? '–' : read(measurement.measures);
    cells[index].className = measurement === null ? '' : (stress?.(measurement.measures) ?? '');
  });
  const off = measurement?.measures.switchedOff ?? [];
  $('off').textContent = off.length === 0 ? '' : `Switched off: ${off.join('; ')}`;
}

function showHealth(health) {
  $('parts').replaceChildren(
    ...Object.entries(health?.parts ?? {}).flatMap(([name, part]) => [
      element('dt', name),
      element('dd', part.reason === null ? part.status : `${part.status}: ${part.reason}`, part.status),
    ]),
  );
}

/** A row an alert, newest on top; its phases change it. Kept by the alert: messages may come twice or late. */
const rows = new Map();

function addAlert(alert) {
  const key = alert.alertId ?? alert.messageId;
  const known = rows.get(key);
  if (known !== undefined && known.epoch === alert.epoch && known.seq >= alert.seq) return;
  const row = known?.row ?? newRow(alert);
  row.className = `s${alert.severity ?? 1}${alert.phase === 'cleared' ? ' over' : ''}`;
  row.lastChild.textContent = alert.words;
  rows.set(key, { row, epoch: alert.epoch, seq: alert.seq, firstSeq: known?.firstSeq ?? alert.seq });
  if (known === undefined) place(row, alert);
}

function newRow(alert) {
  const row = document.createElement('li');
  const time = element('time', new Date(alert.wallTime).toLocaleTimeString());
  time.dateTime = alert.wallTime;
  row.append(time, element('span', ''));
  return row;
}

function place(row, alert) {
  const older = [...rows.values()].filter((one) => one.epoch !== alert.epoch || one.firstSeq < alert.seq);
  $('alerts').insertBefore(
    row,
    [...$('alerts').children].find((at) => older.some((one) => one.row === at)) ?? null,
  );
  $('no-alerts').hidden = true;
  if (rows.size <= MAX_ALERTS) return;
  const last = $('alerts').lastChild;
  rows.forEach((one, key) => one.row === last && rows.delete(key));
  last.remove();
}

function showWatch(reached) {
  $('watch').textContent = reached ? 'watching' : 'watch is not reached';
  $('watch').className = `pill ${reached ? 'ok' : 'failed'}`;
  if (!reached) showMeasurement(null);
}

async function showAll() {
  const now = await (await fetch('/api/now')).json();
  showWatch(now.watchReached);
  showMeasurement(now.measurement);
  showHealth(now.health);
  now.alerts.toReversed().forEach(addAlert);
  $('store').textContent = now.storeFault ?? '';
}

const live = new EventSource('/api/live');
live.addEventListener('open', showAll);
live.addEventListener('error', () => {
  $('watch').textContent = 'the console is not reached';
  $('watch').className = 'pill failed';
});
// A watch that comes back may have made the store anew.
live.addEventListener('watch', showAll);
live.addEventListener('measurement', (event) => showMeasurement(JSON.parse(event.data)));
live.addEventListener('health', (event) => showHealth(JSON.parse(event.data)));
live.addEventListener('alert', (event) => addAlert(JSON.parse(event.data)));

$('ack').addEventListener('click', async () => {
  const answer = await fetch('/api/ack', { method: 'POST', headers: { 'x-cabinwatch': 'page' } });
  $('ack').textContent = answer.ok ? 'Acknowledged' : 'Not reached';
  setTimeout(() => ($('ack').textContent = 'Acknowledge'), 2000);
});
