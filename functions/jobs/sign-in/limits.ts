import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { Operation } from '../../../shared/api/operations.ts';
import type { Config } from '../../../shared/config.ts';
import { Problem } from '../../problem.ts';
import type { User } from './user.ts';

/** What a montage counts, where a change of one counts 1: somebody who works on their cuts makes many, and little is rendered for each. */
const CHANGES_A_MONTAGE = 10;
const POINTS = { montage: CHANGES_A_MONTAGE, change: 1, nothing: 0 } as const;

/** Somebody asks for more than their share. */
export class TooMany extends Problem {
  readonly retryAfterSeconds: number;
  constructor(what: string, retryAfterSeconds: number) {
    super(429, `${what}: go on in ${retryAfterSeconds} s`);
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/**
 * Keeps each person to their share of this process, so that one who asks without end, or whose program does, is in nobody's way. Who
 * hasn't signed in is told so, which costs nothing.
 */
export class Limits {
  readonly #requests: RateLimiterMemory;
  readonly #montages: RateLimiterMemory;

  constructor(config: Config) {
    this.#requests = new RateLimiterMemory({ points: config.MONTAGE_REQUESTS_PER_MINUTE, duration: 60 });
    this.#montages = new RateLimiterMemory({
      points: config.MONTAGE_JOBS_PER_HOUR * CHANGES_A_MONTAGE,
      duration: 3600,
    });
  }

  /** @throws {TooMany} */
  async countRequest(user: User): Promise<void> {
    await take(this.#requests, nameOf(user), 1, 'You ask too often');
  }

  /**
   * Counts what an operation would make of what was sent. Gives what takes that back, where nothing was made.
   *
   * @throws {TooMany}
   */
  async count(user: User, operation: Operation, body: unknown): Promise<() => Promise<void>> {
    const points = pointsOf(operation, body);
    if (points === 0) return async () => {};
    await take(this.#montages, nameOf(user), points, 'You ask for too many montages');
    return async () => void (await this.#montages.reward(nameOf(user), points));
  }
}

const nameOf = ({ owner }: User): string => owner ?? '';

function pointsOf(operation: Operation, body: unknown): number {
  if (operation.method === 'GET') return 0;
  return POINTS[typeof operation.makes === 'function' ? operation.makes(body) : operation.makes];
}

async function take(limiter: RateLimiterMemory, name: string, points: number, what: string): Promise<void> {
  try {
    await limiter.consume(name, points);
  } catch (error) {
    if (error instanceof RateLimiterRes) {
      // What is refused counts nothing: less may still be asked for.
      await limiter.reward(name, points);
      throw new TooMany(what, Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
    }
    throw error;
  }
}
