import { openApi } from '../../shared/api/openapi.ts';
import { API, type Operation, type OperationId } from '../../shared/api/operations.ts';
import { firstIssue } from '../../shared/first-issue.ts';
import { Problem } from '../problem.ts';
import type { Call, Handler } from './call.ts';
import { clean } from './clean.ts';
import { tryDemo } from './demo.ts';
import { createHook, deleteHook, listDeliveries, listHooks, showHook, testHook } from './hooks.ts';
import { listClips, listSets, listSongs } from './library.ts';
import { findAnalysis, findMedia } from './media.ts';
import { showFunctions, showOps } from './ops.ts';
import { findOutput } from './outputs.ts';
import { abortUpload, beginUpload, completeUpload, findContent, showUpload, signParts } from './part-uploads.ts';
import { findPreview, listPreviews, wantPreviews } from './previews.ts';
import { listRevisions, makeRevision, showTimeline } from './revisions.ts';
import { listRules, removeRule, setRule, showRule } from './rules.ts';
import { findSegment, listSegments } from './segments.ts';
import { createShare, deleteShare, findShared, listShares, showShare } from './shares.ts';
import { createToken, finishSignIn, showMe, signIn, signInByToken, signOut } from './sign-in/verbs.ts';
import { listStyles } from './styles.ts';
import { removeUpload, signUpload } from './uploads.ts';
import { cancelJob, createJob, deleteJob, listJobs, retryJob, showJob } from './verbs.ts';
import { watchJob } from './watch.ts';

const HANDLERS: { readonly [Id in OperationId]: Handler<Id> } = {
  describeApi: async () => ({ status: 200, body: openApi() }),
  showMe,
  signIn,
  finishSignIn,
  signInByToken,
  signOut,
  createToken,
  listStyles,
  listPreviews,
  wantPreviews,
  findPreview,
  tryDemo,
  listSets,
  listClips,
  showRule,
  setRule,
  removeRule,
  listRules,
  listSongs,
  listJobs,
  createJob,
  showJob,
  watchJob,
  cancelJob,
  retryJob,
  deleteJob,
  listRevisions,
  makeRevision,
  showTimeline,
  listSegments,
  findSegment,
  findOutput,
  listShares,
  createShare,
  deleteShare,
  showShare,
  findShared,
  findMedia,
  findAnalysis,
  signUpload,
  removeUpload,
  findContent,
  beginUpload,
  showUpload,
  signParts,
  completeUpload,
  abortUpload,
  listHooks,
  createHook,
  showHook,
  deleteHook,
  listDeliveries,
  testHook,
  showOps,
  showFunctions,
  clean,
};

export interface Route {
  id: OperationId;
  operation: Operation;
  /** The named parts of the path, decoded. */
  parameters: Record<string, string>;
}

/** The operation that a method and path ask for; null when there is none. `allowed` lists the methods of the path. */
export function findRoute(method: string, path: string): { route: Route | null; allowed: string[] } {
  const matching = Object.entries<Operation>(API).flatMap(([id, operation]) => {
    const parameters = match(operation, path);
    return parameters ? [{ id: id as OperationId, operation, parameters }] : [];
  });
  return {
    route: matching.find(({ operation }) => operation.method === method) ?? null,
    allowed: matching.map(({ operation }) => operation.method),
  };
}

/** The template of a request's path, as the API describes it; what it doesn't is one of two. */
export function routeOf(method: string, path: string): string {
  const { route, allowed } = findRoute(method, path);
  return route?.operation.path ?? (allowed.length > 0 ? 'another method' : 'nothing');
}

/**
 * Checks a request by its operation's schemas and has it answered.
 *
 * @throws {Problem} 400 naming the first thing that is wrong, or what the handler says.
 */
export async function handle(
  { id, operation, parameters }: Route,
  given: { query: unknown; body: unknown } & Omit<Call<OperationId>, 'parameters' | 'query' | 'body'>,
): ReturnType<Handler<OperationId>> {
  const checked = (schema: Operation['body'], value: unknown) => {
    const parsed = schema?.safeParse(value);
    if (parsed?.success === false) throw new Problem(400, firstIssue(parsed.error));
    return parsed?.data;
  };
  const call = {
    ...given,
    parameters: checked(operation.parameters, parameters),
    query: checked(operation.query, given.query),
    // Who sends nothing says nothing.
    body: checked(operation.body, given.body ?? {}),
  };
  return (HANDLERS[id] as (call: unknown) => ReturnType<Handler<OperationId>>)(call);
}

function match({ path: pattern, rest }: Operation, path: string): Record<string, string> | null {
  const wanted = pattern.split('/');
  const given = path.split('/');
  const parameters: Record<string, string> = {};
  for (const [i, part] of wanted.entries()) {
    const name = /^\{(.+)\}$/.exec(part)?.[1];
    if (name === undefined) {
      if (given[i] !== part) return null;
      continue;
    }
    const text = decoded(name === rest ? given.slice(i).join('/') : given[i]);
    if (!text) return null;
    parameters[name] = text;
    if (name === rest) return parameters;
  }
  return wanted.length === given.length ? parameters : null;
}

function decoded(part: string | undefined): string | null {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return null;
  }
}
