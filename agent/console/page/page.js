// The page: everything once, then what changes. Text is set as text, never as markup.
const $ = (id) => document.getElementById(id);
const MAX_ALERTS = 50;

const percent = (value) => (value === null ? '–' : `${Math.round(value * 100)} %`);
/** Rounded, without the sign of a zero. */
const number = (value, digits, unit) => (value === null ? '–' : `${value.toFixed(digits).replace(/^-(0(\.0*)?)$/, '$1')}${unit}`);
const yes = (value) => (value === null ? '–' : value ? 'yes' : 'no');

/** Tiles of the driver: title and how it reads from the measures. */
const TILES = [
  ['Trip', (m) => (m.tripActive ? 'active' : 'none')],
  ['Attention level', (m) => String(m.level)],
  ['Face seen', (m) => yes(m.faceSeen)],
  ['Eyes seen', (m) => yes(m.eyesSeen)],
  ['Eye closure', (m) => percent(m.closure)],
  ['PERCLOS 60 s', (m) => percent(m.perclos60)],
  ['PERCLOS 180 s', (m) => percent(m.perclos180)],
  ['KSS estimate', (m) => number(m.kssEstimate, 1, '')],
  ['Blinks', (m) => number(m.blinksPerMinute, 0, ' /min')],
  ['Head yaw', (m) => number(m.yawFromNeutralDeg ?? m.yawDeg, 0, '°')],
  ['Head pitch', (m) => number(m.pitchFromNeutralDeg ?? m.pitchDeg, 0, '°')],
  ['Mouth opening', (m) => number(m.mar, 2, '')],
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
  TILES.forEach(([, read], index) => {
    cells[index].textContent = measurement === null ? '–' : read(measurement.measures);
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

function addAlert(alert) {
  const row = element('li', '', `s${alert.severity ?? 1}`);
  const time = element('time', new Date(alert.wallTime).toLocaleTimeString());
  time.dateTime = alert.wallTime;
  row.append(time, element('span', alert.words));
  $('alerts').prepend(row);
  while ($('alerts').children.length > MAX_ALERTS) $('alerts').lastChild.remove();
  $('no-alerts').hidden = true;
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
  $('alerts').replaceChildren();
  $('no-alerts').hidden = now.alerts.length > 0;
  now.alerts.toReversed().forEach(addAlert);
}

const live = new EventSource('/api/live');
live.addEventListener('open', showAll);
live.addEventListener('error', () => {
  $('watch').textContent = 'the console is not reached';
  $('watch').className = 'pill failed';
});
live.addEventListener('watch', (event) => showWatch(JSON.parse(event.data).watchReached));
live.addEventListener('measurement', (event) => showMeasurement(JSON.parse(event.data)));
live.addEventListener('health', (event) => showHealth(JSON.parse(event.data)));
live.addEventListener('alert', (event) => addAlert(JSON.parse(event.data)));

$('ack').addEventListener('click', async () => {
  const answer = await fetch('/api/ack', { method: 'POST', headers: { 'x-cabinwatch': 'page' } });
  $('ack').textContent = answer.ok ? 'Acknowledged' : 'Not reached';
  setTimeout(() => ($('ack').textContent = 'Acknowledge'), 2000);
});
