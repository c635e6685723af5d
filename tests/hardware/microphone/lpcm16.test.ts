import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configSchema } from '../../../config/schema.ts';
import { monotonicMs } from '../../../hardware/monotonic.ts';
import { openMicrophone } from '../../../hardware/microphone/index.ts';
import { fakePrograms } from '../../fakes/programs.ts';
import { makeMedia, temporaryFolder } from '../media.ts';

const folder = temporaryFolder();
const fakes = fakePrograms(folder);
const schema = configSchema.shape.microphone;
const settings = (more: object = {}) => schema.parse({ driver: 'lpcm16', ...more });

/** Listens until the end, or until so many samples are there. */
async function listen(config = settings(), most = Infinity) {
  const stop = new AbortController();
  const microphone = openMicrophone(config);
  await microphone.open(stop.signal);
  const heard: number[] = [];
  const startsMs: number[] = [];
  const end = await microphone.chunks(({ samples, atMs }) => {
    heard.push(...samples);
    startsMs.push(atMs);
    if (heard.length >= most) stop.abort();
  }, stop.signal);
  return { heard, startsMs, end };
}

const reasonOf = async (config = settings()) => {
  const { end } = await listen(config);
  return end.kind === 'failed' ? end.reason : JSON.stringify(end);
};
const fake = (recorder: string, name: string, body: string) =>
  fakes.in(fakes.make(recorder, name, body), () => undefined);

describe('the microphone of the vehicle', () => {
  it('asks arecord for the device, mono, 16 kHz, 16 bits', async () => {
    fake('arecord', 'says', 'echo "$@" >&2; exit 1');
    expect(await reasonOf(settings({ device: 'plughw:1,0' }))).toBe(
      'arecord ended with code 1 after 0.0 s of sound: -D plughw:1,0 -q -r 16000 -c 1 -t raw -f S16_LE -',
    );
  });

  it('gives sox the device by its environment', async () => {
    fake('sox', 'says', 'echo "$AUDIODEV: $@" >&2; exit 1');
    expect(await reasonOf(settings({ device: 'hw:2', recorder: 'sox' }))).toMatch(
      /: hw:2: --default-device --no-show-progress --rate 16000 --channels 1 .* --type raw -$/,
    );
  });

  it('tells the time of arrival less length and latency', async () => {
    fake('arecord', 'once', 'head -c 3200 /dev/zero; sleep 0.3');
    const before = monotonicMs();
    const { startsMs, heard } = await listen(settings({ latencyMs: 500 }));
    expect(heard.length).toBe(1600);
    expect(startsMs[0]).toBeGreaterThan(before - 600);
    expect(startsMs[0]).toBeLessThan(monotonicMs() - 600);
    expect(startsMs.length).toBe(5);
    expect(startsMs[4]! - startsMs[0]!).toBeCloseTo(80, 3);
  });

  it('puts a sample together whose bytes come apart', async () => {
    fake('arecord', 'apart', `printf '\\000\\100\\000'; sleep 0.1; printf '\\300'`);
    expect((await listen()).heard).toEqual([0.5, -0.5]);
  });

  it.each([
    [
      'unplugged',
      'head -c 3200 /dev/zero; echo "arecord: pcm_read:2221: read error: No such device" >&2; exit 1',
      'arecord ended with code 1 after 0.1 s of sound: arecord: pcm_read:2221: read error: No such device (is it plugged in?)',
    ],
    [
      'busy',
      'echo "ALSA lib pcm_dsnoop.c:641" >&2; echo "arecord: main:830: audio open error: Device or resource busy" >&2; exit 1',
      'arecord ended with code 1 after 0.0 s of sound: arecord: main:830: audio open error: Device or resource busy (another program uses it)',
    ],
    [
      'forbidden',
      'echo "arecord: main:830: audio open error: Permission denied" >&2; exit 1',
      'arecord ended with code 1 after 0.0 s of sound: arecord: main:830: audio open error: Permission denied (the user needs the group that owns the device: video for cameras, audio for microphones)',
    ],
    ['killed', 'kill -9 $$', 'arecord was ended by SIGKILL after 0.0 s of sound: it gave no reason'],
    [
      'stopped by itself',
      'head -c 3200 /dev/zero',
      'arecord ended with code 0 after 0.1 s of sound: it gave no reason',
    ],
  ])('says why there is no more sound: %s', async (name, body, reason) => {
    fake('arecord', name.replaceAll(' ', '-'), body);
    expect(await reasonOf()).toBe(reason);
  });

  it('takes a recorder that is not installed as a value', async () => {
    const path = process.env['PATH'];
    process.env['PATH'] = folder;
    try {
      expect(await reasonOf()).toBe('arecord is not installed: apt-get install alsa-utils');
      expect(await reasonOf(settings({ recorder: 'rec' }))).toBe(
        'rec is not installed: apt-get install sox libsox-fmt-alsa',
      );
    } finally {
      process.env['PATH'] = path;
    }
  });

  it('starts no recorder when the microphone is switched off', async () => {
    const started = join(folder, 'started');
    fake('arecord', 'tells', `echo started >${started}; exit 1`);
    const off = openMicrophone(settings({ enabled: false }));
    const { signal } = new AbortController();
    expect(await off.open(signal)).toEqual({ kind: 'silent', reason: 'microphone.enabled is false' });
    expect(await off.chunks(() => expect.unreachable(), signal)).toMatchObject({ samples: 0 });
    expect(existsSync(started)).toBe(false);
    expect((await listen()).end.kind).toBe('failed'); // and with it switched on it does
    expect(existsSync(started)).toBe(true);
  });
});

/** An ALSA device that reads a recording: the `file` plugin over `null`; arecord itself is the real one. */
const arecord = ['/usr/bin/arecord', '/bin/arecord'].some((file) => existsSync(file));
describe.skipIf(!arecord)('the real arecord', () => {
  it('delivers a recording through ALSA, and names a device that is not there', async () => {
    const raw = join(folder, 'ramp.raw');
    const conf = join(folder, 'asound.conf');
    makeMedia('-f', 'lavfi', '-i', 'aevalsrc=n/8000:s=16000:d=0.4', '-f', 's16le', raw);
    const pcm = 'pcm.mic { type file format raw infile "' + raw + '" file /dev/null slave.pcm "null" }';
    writeFileSync(conf, `</usr/share/alsa/alsa.conf>\n${pcm}\n`);
    process.env['ALSA_CONFIG_PATH'] = conf;
    try {
      const { heard } = await listen(settings({ device: 'mic' }), 4000);
      const worst = heard
        .slice(0, 4000)
        .reduce((most, value, n) => Math.max(most, Math.abs(value - n / 8000)), 0);
      expect(worst).toBeLessThan(1e-4);
      expect(await reasonOf(settings({ device: 'nowhere' }))).toMatch(
        /^arecord ended with code 1 .*audio open error: No such file or directory \(is it plugged in\?\)$/,
      );
    } finally {
      delete process.env['ALSA_CONFIG_PATH'];
    }
  });
});
if (!arecord) console.warn('arecord is not installed: the test with the real one is skipped');

describe('the settings', () => {
  it.each(['-f', 'default; reboot', '$(id)', ''])('refuse a device that is none: %j', (device) => {
    expect(schema.safeParse({ driver: 'lpcm16', device }).success).toBe(false);
  });

  it('refuse a device that rec cannot choose', () => {
    const found = schema.safeParse({ driver: 'lpcm16', recorder: 'rec', device: 'hw:1' });
    expect(found.error?.issues[0]).toMatchObject({ path: ['device'] });
  });
});
