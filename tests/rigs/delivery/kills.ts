/**
 * kill -9 of each role and of the broker, again and again while a drive is watched at its own pace: the
 * others go on, the one that was killed comes back and works, and nothing that was committed is missing or
 * doubled at the consumer.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../agent/clock.ts';
import { ROLES, type Role } from '../../../agent/supervise.ts';
import { seededRandom, type Random } from '../../stories/random.ts';
import { freePort, startMosquitto, type TestBroker } from '../../uplink/brokers.ts';
import { until, within, type Part, type PartResult, type RigOptions } from '../rig.ts';
import { openFleet, type Fleet } from './fleet.ts';
import { watchLife, type Life } from './life.ts';
import { judgeDelivery, judgeOrder, judgePhases, judgeTruth, together, type Absence } from './oracle.ts';
import { startRoles, type Roles } from './roles.ts';
import { openVehicle, type Vehicle } from './vehicle.ts';

const VICTIMS = [...ROLES, 'broker'] as const;
type Victim = (typeof VICTIMS)[number];

const SHORT = { times: 3, rounds: 2 };
const FULL = { times: 28, rounds: 10 };
/** Longest pause between a recovery and the next kill [ms]. */
const PAUSE_MS = 2500;
/** No kill so near to the end of the drive [ms]: there must be time to come back. */
const LAST_KILL_MS = 12_000;
/** A busy machine starts a role in seconds. */
const BACK_WITHIN_MS = 30_000;
const DELIVERED_WITHIN_MS = 60_000;

const { monotonicMs } = systemClock();

export const kills: Part = {
  name: 'kills',
  shows: 'kill -9 of watch, uplink, console and broker during a drive at its own pace',
  async run(options) {
    const { times } = options.full ? FULL : SHORT;
    const port = await freePort();
    const vehicle = await openVehicle({ times, pace: 'own', brokerPort: port });
    const bench = new Bench(vehicle, port, await startMosquitto(port));
    try {
      return await bench.run(options);
    } finally {
      await bench.close();
    }
  },
};

class Bench {
  readonly #vehicle: Vehicle;
  readonly #port: number;
  readonly #fleet: Fleet;
  readonly #life: Life;
  readonly #roles: Roles;
  readonly #absences: Absence[] = [];
  readonly #kills: Record<Victim, number> = { watch: 0, uplink: 0, console: 0, broker: 0 };
  readonly #faults: string[] = [];
  #broker: TestBroker;
  #slowestBackMs = 0;

  constructor(vehicle: Vehicle, port: number, broker: TestBroker) {
    this.#vehicle = vehicle;
    this.#port = port;
    this.#broker = broker;
    this.#fleet = openFleet(port);
    this.#roles = startRoles(vehicle);
    this.#life = watchLife(vehicle, port);
  }

  async run({ seed, full, say }: RigOptions): Promise<PartResult> {
    const random = seededRandom(seed);
    const { supervised, originMs } = this.#roles;
    const lastKillMs = originMs + this.#vehicle.drive.seconds * 1000 - LAST_KILL_MS;
    await this.#allAtWork(originMs);
    for (let victims: Victim[] = []; monotonicMs() < lastKillMs;) {
      if (victims.length === 0) victims = shuffled(VICTIMS, random);
      await this.#killOne(victims.shift()!, random, say);
    }
    await within('the end of the drive', supervised.finished('watch'), 2 * LAST_KILL_MS + BACK_WITHIN_MS);
    await until('delivery of all', () => this.#vehicle.waiting() === 0, DELIVERED_WITHIN_MS);
    return this.#verdict(full ? FULL.rounds : SHORT.rounds);
  }

  async close(): Promise<void> {
    await this.#roles.supervised.stop();
    await this.#life.close();
    await this.#fleet.close();
    await this.#broker.kill();
    this.#vehicle.remove();
  }

  /** At a time by chance, or at the very moment an alert has been committed and is on its way. */
  async #killOne(victim: Victim, random: Random, say: RigOptions['say']): Promise<void> {
    const pauseMs = random.next() * PAUSE_MS;
    const atAlert = random.next() < 0.5;
    const before = this.#life.alerts();
    const deadline = monotonicMs() + pauseMs;
    while (monotonicMs() < deadline && !(atAlert && this.#life.alerts() > before)) await sleep(1);
    const others = ROLES.filter((role) => role !== victim);
    const pids = others.map((role) => this.#roles.supervised.pid(role));
    const fromMs = monotonicMs();
    this.#kills[victim] += 1;
    if (victim === 'broker') await this.#killBroker();
    else await this.#killRole(victim);
    await this.#allAtWork(monotonicMs());
    this.#slowestBackMs = Math.max(this.#slowestBackMs, monotonicMs() - fromMs);
    if (victim === 'watch') this.#absences.push({ fromMs, toMs: monotonicMs() });
    const changed = others.filter((role, n) => this.#roles.supervised.pid(role) !== pids[n]);
    this.#faults.push(...changed.map((role) => `${role} did not go on when ${victim} was killed`));
    say(`  killed ${victim}; all at work again after ${Math.round(monotonicMs() - fromMs)} ms`);
  }

  async #killRole(role: Role): Promise<void> {
    const { supervised } = this.#roles;
    const pid = supervised.pid(role);
    if (pid === undefined) throw new Error(`${role} does not run`);
    process.kill(pid, 'SIGKILL');
    const isNew = (): boolean => ![pid, undefined].includes(supervised.pid(role));
    await until(`a new start of ${role}`, isNew, BACK_WITHIN_MS);
  }

  async #killBroker(): Promise<void> {
    await this.#broker.kill();
    this.#broker = await startMosquitto(this.#port);
  }

  /** Every role has done its work after this moment. */
  async #allAtWork(sinceMs: number): Promise<void> {
    for (const role of ROLES) {
      const works = (): boolean => this.#life.lastSignMs(role) > sinceMs;
      await until(`work of ${role}`, works, BACK_WITHIN_MS);
    }
  }

  #verdict(rounds: number): PartResult {
    const { drive } = this.#vehicle;
    const { came, missing, consumer } = this.#fleet;
    const committed = this.#vehicle.committed();
    const { counts, faults } = together(
      judgeDelivery(committed, came),
      judgePhases(committed.messages),
      judgeTruth(committed.messages, drive.closures, this.#roles.originMs, this.#absences),
    );
    const tooFew = VICTIMS.filter((victim) => this.#kills[victim] < rounds).map(
      (victim) => `${victim} was killed ${this.#kills[victim]} times, not ${rounds}: the machine is too slow`,
    );
    const gaps = missing.map(({ firstSeq, lastSeq }) => `the consumer misses ${firstSeq} to ${lastSeq}`);
    return {
      counts: {
        ...Object.fromEntries(VICTIMS.map((victim) => [`kills of ${victim}`, this.#kills[victim]])),
        ...counts,
        'duplicates removed by the consumer': consumer.stats().duplicates,
        // A broker that dies forgets what it held; that comes again, behind what came meanwhile.
        ...judgeOrder(came).counts,
        'slowest recovery ms': Math.round(this.#slowestBackMs),
      },
      faults: [...this.#faults, ...tooFew, ...faults, ...gaps],
    };
  }
}

function shuffled<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
