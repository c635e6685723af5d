/**
 * kill -9 of each role and of the broker, again and again while a drive is watched at its own pace: the
 * others go on, the one that was killed comes back and works, and nothing that was committed is missing or
 * doubled at the consumer. The same with an uplink that is broken on purpose must lose something.
 */
import { systemClock } from '../../../agent/clock.ts';
import { seededRandom, type Random } from '../../stories/random.ts';
import type { Part, PartResult } from '../rig.ts';
import { Bench, VICTIMS, type Victim } from './bench.ts';
import { judgeDelivery, judgeOrder, judgePhases, judgeTruth, together } from './oracle.ts';

/** `times`: showings of the drive's stretch (22 s each); `rounds`: kills of each, at least. */
const SHORT = { times: 3, rounds: 2 };
const FULL = { times: 28, rounds: 10 };
/** Longest wait for the moment of a kill [ms]. */
const MOMENT_MS = 2500;
/** The longest time without an alert on the drive, and some more [ms]. */
const NEXT_ALERT_MS = 12_000;
/** No kill so near to the end of the drive [ms]: there must be time to come back. */
const LAST_KILL_MS = 12_000;

const { monotonicMs } = systemClock();

export const kills: Part = {
  name: 'kills',
  shows: 'kill -9 of watch, uplink, console and broker during a drive at its own pace',
  async run({ seed, full, say }) {
    const { times, rounds } = full ? FULL : SHORT;
    const bench = await Bench.open(times);
    try {
      const random = seededRandom(seed);
      await killAlong(bench, random, say);
      await bench.delivered();
      return verdict(bench, rounds);
    } finally {
      await bench.close();
    }
  },
};

export const weakUplink: Part = {
  name: 'weak uplink',
  shows: 'the same harness with an uplink that deletes before the acknowledgement: it must lose something',
  async run({ seed }) {
    const bench = await Bench.open(1, 'weak');
    try {
      await bench.begun();
      await bench.kill('broker', seededRandom(seed), NEXT_ALERT_MS);
      await bench.delivered();
      const { counts } = judgeDelivery(bench.vehicle.committed(), bench.fleet.came);
      return {
        counts: { 'kills of broker': bench.record().kills.broker, ...counts },
        faults: counts['lost'] === 0 ? ['it lost nothing: this harness cannot show a loss'] : [],
      };
    } finally {
      await bench.close();
    }
  },
};

/** One victim after the other, each in its turn, until the drive nears its end. */
async function killAlong(bench: Bench, random: Random, say: (line: string) => void): Promise<void> {
  const lastKillMs = bench.roles.originMs + bench.vehicle.drive.seconds * 1000 - LAST_KILL_MS;
  await bench.begun();
  for (let victims: Victim[] = []; monotonicMs() < lastKillMs;) {
    if (victims.length === 0) victims = shuffled(VICTIMS, random);
    const victim = victims.shift()!;
    const tookMs = await bench.kill(victim, random, MOMENT_MS);
    say(`  killed ${victim}; all at work again after ${Math.round(tookMs)} ms`);
  }
}

function verdict(bench: Bench, rounds: number): PartResult {
  const { vehicle, fleet, roles } = bench;
  const { kills: killed, absences, slowestBackMs, faults } = bench.record();
  const committed = vehicle.committed();
  const delivery = together(
    judgeDelivery(committed, fleet.came),
    judgePhases(committed.messages),
    judgeTruth(committed.messages, vehicle.drive.closures, roles.originMs, absences),
  );
  const tooFew = VICTIMS.filter((victim) => killed[victim] < rounds).map(
    (victim) => `${victim} was killed ${killed[victim]} times, not ${rounds}: the machine is too slow`,
  );
  const gaps = fleet.missing.map(({ firstSeq, lastSeq }) => `the consumer misses ${firstSeq} to ${lastSeq}`);
  return {
    counts: {
      ...Object.fromEntries(VICTIMS.map((victim) => [`kills of ${victim}`, killed[victim]])),
      ...delivery.counts,
      'duplicates removed by the consumer': fleet.consumer.stats().duplicates,
      // A broker that dies forgets what it held; that comes again, behind what came meanwhile.
      ...judgeOrder(fleet.came).counts,
      'slowest recovery ms': Math.round(slowestBackMs),
    },
    faults: [...faults, ...tooFew, ...delivery.faults, ...gaps],
  };
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
