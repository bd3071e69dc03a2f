import type { IncomingMessage, ServerResponse } from 'node:http';
import { Refusal } from '../../shared/refusal.ts';
import { type CloudEvent, headersOf } from './cloud-event.ts';
import { type Outcome, type Post, post } from './delivery.ts';
import type { RuntimeLog } from './log-lines.ts';
import type { ServiceManifest } from './manifests.ts';
import { Pool, type PoolStats } from './pool.ts';
import { proxy } from './proxy.ts';

interface FleetOptions {
  services: readonly ServiceManifest[];
  root: string;
  /** Of the processes of the service of that name. */
  environment: (name: string) => Readonly<Record<string, string>>;
  cores: number;
  idleSeconds: number;
  onLog: (entry: RuntimeLog) => void;
}

/** All services by name, and the ways to have one work. `lane` is the sender, for fairness between them. */
export class Fleet {
  readonly #members: ReadonlyMap<string, { pool: Pool; timeoutSeconds: number }>;

  constructor({ services, environment, ...options }: FleetOptions) {
    this.#members = new Map(
      services.map((service) => [
        service.name,
        {
          pool: new Pool({ service, environment: environment(service.name), ...options }),
          timeoutSeconds: service.timeoutSeconds,
        },
      ]),
    );
  }

  /** Delivers an event once. It may take as long as the service's requests may, or `timeoutSeconds` where that is less. */
  deliver(
    service: string,
    lane: string,
    event: CloudEvent,
    timeoutSeconds = Number.POSITIVE_INFINITY,
  ): Promise<Outcome> {
    return this.post(service, lane, { headers: headersOf(event), body: event.data, timeoutSeconds });
  }

  post(service: string, lane: string, request: Post): Promise<Outcome> {
    const { pool, timeoutSeconds } = this.#member(service);
    return post(pool, lane, { ...request, timeoutSeconds: Math.min(request.timeoutSeconds, timeoutSeconds) });
  }

  /** Has a service answer an HTTP request. */
  proxy(service: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const { pool, timeoutSeconds } = this.#member(service);
    return proxy(pool, incoming, outgoing, timeoutSeconds);
  }

  /** Whether any service has work, or some that waits. */
  get busy(): boolean {
    return Object.values(this.stats()).some(({ inFlight, queued }) => inFlight + queued > 0);
  }

  stats(): Record<string, PoolStats> {
    return Object.fromEntries([...this.#members].map(([name, { pool }]) => [name, pool.stats()]));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#members.values()].map(({ pool }) => pool.stop()));
  }

  #member(service: string) {
    const member = this.#members.get(service);
    if (!member) throw new Refusal(`There is no function ${service} in the manifests`);
    return member;
  }
}
