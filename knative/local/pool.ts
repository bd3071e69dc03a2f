import { type Instance, startInstance } from './instance.ts';
import type { RuntimeLog } from './log-lines.ts';
import { lineOf } from './log-lines.ts';
import type { ServiceManifest } from './manifests.ts';
import { expired, limitsOn, type ScaleLimits, wantedInstances } from './scaler.ts';

interface PoolOptions {
  service: ServiceManifest;
  root: string;
  environment: Readonly<Record<string, string>>;
  cores: number;
  idleSeconds: number;
  onLog: (entry: RuntimeLog) => void;
}

/** The right to have an instance work on one request. */
export interface Slot {
  port: number;
  /** The request is over. */
  release(): void;
  /** The request got no answer: ends the instance, which may be dead already, or would go on working for nobody. */
  condemn(): void;
}

interface Waiter {
  /** Milliseconds since 1970. */
  since: number;
  give: (slot: Slot) => void;
  refuse: (reason: Error) => void;
}

interface Member {
  instance: Instance;
  inFlight: number;
  /** Since when it has had nothing to do, in milliseconds. */
  idleSince: number;
}

export interface PoolStats {
  instances: number;
  inFlight: number;
  queued: number;
  /** How long the one that was queued first has waited; null where none waits. */
  oldestQueuedSeconds: number | null;
  /** Processes started so far. */
  started: number;
  /** How long the last of them took until it could be called; null before the first could. */
  lastStartSeconds: number | null;
}

/**
 * The instances of one service: as many as its work asks for and its limits allow, none when there is no work.
 * Requests wait in lanes, one a sender, which are served in turn: a long lane keeps no other waiting.
 */
export class Pool {
  readonly #options: PoolOptions;
  readonly #limits: ScaleLimits;
  readonly #members = new Set<Member>();
  readonly #lanes = new Map<string, Waiter[]>();
  /** One for each process, from its start until it is gone. */
  readonly #lives = new Set<Promise<void>>();
  #starting = 0;
  #started = 0;
  #lastStartSeconds: number | null = null;
  #stopped = false;
  #sweep: NodeJS.Timeout | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#limits = limitsOn(options.cores, options.service);
    this.#scale();
  }

  /**
   * Waits for an instance that has room; starts one when that is called for.
   *
   * @throws {Error} when the function can't be started, or the runtime is stopped.
   */
  acquire(lane: string): Promise<Slot> {
    if (this.#stopped) return Promise.reject(new Error('The runtime is being stopped'));
    return new Promise((give, refuse) => {
      const waiters = this.#lanes.get(lane) ?? [];
      waiters.push({ since: Date.now(), give, refuse });
      this.#lanes.set(lane, waiters);
      this.#serve();
    });
  }

  stats(): PoolStats {
    return {
      instances: this.#members.size + this.#starting,
      inFlight: this.#inFlight(),
      queued: this.#queued(),
      oldestQueuedSeconds: this.#oldestQueuedSeconds(),
      started: this.#started,
      lastStartSeconds: this.#lastStartSeconds,
    };
  }

  /** Ends all instances, whatever they are doing. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#sweep);
    for (const waiter of this.#takeWaiters(this.#queued())) waiter.refuse(new Error('The runtime is being stopped'));
    for (const { instance } of this.#members) void instance.end();
    await Promise.all(this.#lives);
  }

  #inFlight(): number {
    return [...this.#members].reduce((sum, { inFlight }) => sum + inFlight, 0);
  }

  #queued(): number {
    return [...this.#lanes.values()].reduce((sum, waiters) => sum + waiters.length, 0);
  }

  #oldestQueuedSeconds(): number | null {
    const since = [...this.#lanes.values()].flatMap((waiters) => waiters.map((waiter) => waiter.since));
    return since.length > 0 ? (Date.now() - Math.min(...since)) / 1000 : null;
  }

  /** Gives waiting requests to instances that have room, then brings the number of instances to what is wanted. */
  #serve(): void {
    while (this.#queued() > 0) {
      // The busiest that has room, so that the others fall idle and end.
      const member = [...this.#members]
        .filter(({ inFlight }) => inFlight < this.#limits.concurrency)
        .sort((a, b) => b.inFlight - a.inFlight)[0];
      if (!member) break;
      const [waiter] = this.#takeWaiters(1);
      waiter?.give(this.#slotOf(member));
    }
    this.#scale();
  }

  /** Takes up to `count` requests out of the lanes, one of each in turn. A lane that was served goes to the end of the row. */
  #takeWaiters(count: number): Waiter[] {
    const taken: Waiter[] = [];
    while (taken.length < count) {
      const [first] = this.#lanes;
      if (!first) break;
      const [lane, waiters] = first;
      const waiter = waiters.shift();
      this.#lanes.delete(lane);
      if (waiters.length > 0) this.#lanes.set(lane, waiters);
      if (waiter) taken.push(waiter);
    }
    return taken;
  }

  #slotOf(member: Member): Slot {
    member.inFlight += 1;
    let released = false;
    return {
      port: member.instance.port,
      release: () => {
        if (released) return;
        released = true;
        member.inFlight -= 1;
        member.idleSince = Date.now();
        this.#serve();
      },
      condemn: () => {
        // At once, so that nobody else is sent there until it is gone.
        this.#members.delete(member);
        member.instance.kill();
      },
    };
  }

  #scale(): void {
    if (this.#stopped) return;
    const wanted = wantedInstances({ inFlight: this.#inFlight(), queued: this.#queued() }, this.#limits);
    for (let have = this.#members.size + this.#starting; have < wanted; have += 1) {
      const life = this.#live();
      this.#lives.add(life);
      void life.then(() => this.#lives.delete(life));
    }
    this.#watchIdle();
  }

  /** Starts a process and has it as a member until it is gone. */
  async #live(): Promise<void> {
    const { service, root, environment, onLog } = this.#options;
    this.#starting += 1;
    this.#started += 1;
    const begun = performance.now();
    try {
      const instance = await startInstance({
        args: service.args,
        root,
        environment,
        onLine: (line, stream) => onLog(lineOf(service.name, line, stream)),
      });
      this.#starting -= 1;
      this.#lastStartSeconds = (performance.now() - begun) / 1000;
      await this.#keep(instance);
    } catch (error) {
      this.#starting -= 1;
      // Those it was started for are told, or they would have it started again and again.
      for (const waiter of this.#takeWaiters(this.#limits.concurrency)) waiter.refuse(error as Error);
      this.#serve();
    }
  }

  async #keep(instance: Instance): Promise<void> {
    if (this.#stopped) return instance.end();
    const member = { instance, inFlight: 0, idleSince: Date.now() };
    this.#members.add(member);
    this.#serve();
    const how = await instance.gone;
    this.#members.delete(member);
    if (member.inFlight > 0 && !this.#stopped) {
      const { service, onLog } = this.#options;
      onLog({ function: service.name, severity: 'ERROR', message: `ended in the middle of its work with ${how}` });
    }
    this.#serve();
  }

  /** Looks again when the next instance will have been idle for long enough. */
  #watchIdle(): void {
    clearTimeout(this.#sweep);
    const idle = [...this.#members].filter(({ inFlight }) => inFlight === 0);
    if (idle.length === 0 || this.#members.size <= this.#limits.minScale) return;
    const oldest = Math.min(...idle.map(({ idleSince }) => idleSince));
    const { idleSeconds } = this.#options;
    const seconds = this.#members.size === 1 ? Math.max(idleSeconds, this.#limits.retentionSeconds) : idleSeconds;
    const wait = Math.max(0, oldest + seconds * 1000 - Date.now());
    this.#sweep = setTimeout(() => this.#endIdle(), wait).unref();
  }

  #endIdle(): void {
    const members = [...this.#members];
    const since = members.map(({ inFlight, idleSince }) => (inFlight > 0 ? null : idleSince));
    for (const index of expired(since, Date.now(), this.#options.idleSeconds, this.#limits)) {
      const member = members[index];
      if (!member) continue;
      this.#members.delete(member);
      void member.instance.end();
    }
    this.#watchIdle();
  }
}
