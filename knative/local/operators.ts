import type { IncomingMessage } from 'node:http';
import { checkAccess } from '../../functions/jobs/answer.ts';
import { callerOf } from '../../functions/jobs/sign-in/caller.ts';
import { problemIn } from '../../functions/problem.ts';
import { API } from '../../shared/api/operations.ts';
import type { Config } from '../../shared/config.ts';

/** Why a request is refused, as the function `jobs` would say it. */
export interface Refused {
  status: number;
  sentence: string;
}

/** Asks of whoever sends a request what `jobs` asks before it tells of functions: here nothing of the request comes to it. */
export const notForOthers =
  (config: Config) =>
  async ({ method = '', headers }: IncomingMessage): Promise<Refused | null> => {
    const header = (name: string) => headers[name.toLowerCase()]?.toString();
    try {
      const { user } = await callerOf({ method, header }, config, new Date());
      checkAccess(API.showFunctions, user);
      return null;
    } catch (error) {
      const problem = problemIn(error);
      if (!problem) throw error;
      return { status: problem.status, sentence: problem.message };
    }
  };
