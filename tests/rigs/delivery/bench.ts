/**
 * A vehicle that watches a drive at its own pace, a real broker, the fleet's consumer, and the means to kill
 * each of them and to see it come back.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../../agent/clock.ts';
import { ROLES, type Role } from '../../../agent/supervise.ts';
import type { Random } from '../../stories/random.ts';
import { freePort, type MosquittoBroker } from '../../uplink/brokers.ts';
import { until, within } from '../rig.ts';
import { startBroker } from './broker.ts';
import { openFleet, type Fleet } from './fleet.ts';
import { watchLife, type Life } from './life.ts';
import type { Absence } from './oracle.ts';
import { startRoles, type Roles } from './roles.ts';
import { openVehicle, type Vehicle } from './vehicle.ts';

export const VICTIMS = [...ROLES, 'broker'] as const;
export type Victim = (typeof VICTIMS)[number];

/** A busy machine starts a role in seconds, after the supervisor's wait of up to 10 s. */
const BACK_WITHIN_MS = 40_000;
const DELIVERED_WITHIN_MS = 60_000;
/** A message needs some ms from the commit to the fleet: kills are spread over that. */
const ON_ITS_WAY_MS = 20;
/** A broker that stands still dies so long after it was sent something [ms]. */
const FROZEN_MS = 300;

const { monotonicMs } = systemClock();

/** What came of the kills. */
export interface KillRecord {
  readonly kills: Readonly<Record<Victim, number>>;
  /** Times in which nobody watched. */
  readonly absences: readonly Absence[];
  readonly slowestBackMs: number;
  /** Who did not go on. */
  readonly faults: readonly string[];
}

export class Bench {
  readonly vehicle: Vehicle;
  readonly fleet: Fleet;
  readonly roles: Roles;
  readonly #port: number;
  readonly #life: Life;
  readonly #kills: Record<Victim, number> = { watch: 0, uplink: 0, console: 0, broker: 0 };
  readonly #absences: Absence[] = [];
  readonly #faults: string[] = [];
  #broker: MosquittoBroker;
  #slowestBackMs = 0;

  /** @param uplink weak: the one that is broken on purpose */
  static async open(times: number, uplink?: 'weak'): Promise<Bench> {
    const port = await freePort();
    const broker = await startBroker(port);
    const vehicle = await openVehicle({ times, pace: 'own', brokerPort: port });
    return new Bench(vehicle, port, broker, uplink);
  }

  private constructor(vehicle: Vehicle, port: number, broker: MosquittoBroker, uplink?: 'weak') {
    this.vehicle = vehicle;
    this.#port = port;
    this.#broker = broker;
    this.fleet = openFleet(port);
    this.roles = startRoles(vehicle, uplink);
    this.#life = watchLife(vehicle, port);
  }

  /** The drive has begun and every role works. */
  begun(): Promise<void> {
    return this.#allAtWork(this.roles.originMs);
  }

  /**
   * Kills one by chance within a time, or at the moment an alert is on its way, and waits until all work.
   * @param withinMs longest wait for the moment
   * @returns how long it took until all worked again [ms]
   */
  async kill(victim: Victim, random: Random, withinMs: number): Promise<number> {
    const others = ROLES.filter((role) => role !== victim);
    const pids = others.map((role) => this.roles.supervised.pid(role));
    // Standing still from now on, the broker has something in its hands when it dies.
    if (victim === 'broker') this.#broker.freeze();
    await this.#moment(victim, random, withinMs);
    const fromMs = monotonicMs();
    this.#kills[victim] += 1;
    if (victim === 'broker') await this.#killBroker();
    else await this.#killRole(victim);
    await this.#allAtWork(monotonicMs());
    const tookMs = monotonicMs() - fromMs;
    this.#slowestBackMs = Math.max(this.#slowestBackMs, tookMs);
    if (victim === 'watch') this.#absences.push({ fromMs, toMs: monotonicMs() });
    const changed = others.filter((role, n) => this.roles.supervised.pid(role) !== pids[n]);
    this.#faults.push(...changed.map((role) => `${role} did not go on when ${victim} was killed`));
    return tookMs;
  }

  /** The drive is over and nothing waits for delivery any more. */
  async delivered(): Promise<void> {
    const endMs = this.roles.originMs + this.vehicle.drive.seconds * 1000;
    const watchMs = Math.max(0, endMs - monotonicMs()) + BACK_WITHIN_MS;
    await within('the end of the drive', this.roles.supervised.finished('watch'), watchMs);
    await until('delivery of all', () => this.vehicle.waiting() === 0, DELIVERED_WITHIN_MS);
  }

  record(): KillRecord {
    const [kills, absences, faults] = [this.#kills, this.#absences, this.#faults];
    return { kills, absences, faults, slowestBackMs: this.#slowestBackMs };
  }

  async close(): Promise<void> {
    await this.roles.supervised.stop();
    await this.#life.close();
    await this.fleet.close();
    await this.#broker.kill();
    this.vehicle.remove();
  }

  async #moment(victim: Victim, random: Random, withinMs: number): Promise<void> {
    const atAlert = victim === 'broker' || random.next() < 0.5;
    const before = this.#life.alerts();
    const deadline = monotonicMs() + (victim === 'broker' ? withinMs : random.next() * withinMs);
    const spreadMs = victim === 'broker' ? FROZEN_MS : random.next() * ON_ITS_WAY_MS;
    while (monotonicMs() < deadline && !(atAlert && this.#life.alerts() > before)) await sleep(1);
    await sleep(spreadMs);
  }

  async #killRole(role: Role): Promise<void> {
    const { supervised } = this.roles;
    const pid = supervised.pid(role);
    if (pid === undefined) throw new Error(`${role} does not run`);
    process.kill(pid, 'SIGKILL');
    const isNew = (): boolean => ![pid, undefined].includes(supervised.pid(role));
    await until(`a new start of ${role}`, isNew, BACK_WITHIN_MS);
  }

  async #killBroker(): Promise<void> {
    await this.#broker.kill();
    this.#broker = await startBroker(this.#port);
  }

  /** Every role has done its work after this moment. */
  async #allAtWork(sinceMs: number): Promise<void> {
    for (const role of ROLES) {
      const works = (): boolean => this.#life.lastSignMs(role) > sinceMs;
      await until(`work of ${role}`, works, BACK_WITHIN_MS);
    }
  }
}
