import type { StageWork } from '../../shared/api/ops.ts';
import { type Lease, leaseItem, type ObservedJob, type WorkRequest } from '../../shared/job.ts';
import { STAGES } from '../../shared/keys.ts';
import { isLive } from '../../storage/lease.ts';

/** What an analysis is known by among those that are there. */
export const analysisName = ({ stage, item }: Pick<WorkRequest, 'stage' | 'item'>) => `${stage}/${item}`;

/** The latest request for each piece of work that an open job has asked for and that isn't done, by what is there of it. */
export function openRequests(seen: ObservedJob, analysed: ReadonlySet<string>): WorkRequest[] {
  const isDone = (request: WorkRequest): boolean => {
    if (request.stage === 'render') return seen.rendered.has(request.item);
    if (request.stage === 'upscale') return seen.upscaled.has(request.item);
    if (request.stage === 'assemble') return seen.doneAt !== null;
    if (seen.timelineAt) return true;
    return seen.rejected.has(request.item) || analysed.has(analysisName(request));
  };
  const latest = new Map<string, WorkRequest>();
  for (const request of seen.requests) {
    const before = latest.get(analysisName(request));
    if (!before || before.attempt < request.attempt) latest.set(analysisName(request), request);
  }
  return [...latest.values()].filter((request) => !isDone(request));
}

/**
 * The work of each stage: what open jobs wait for, and who is at what.
 *
 * @param leases by `<stage>/<item>`.
 * @param analysed names of the analyses that are there, of those that were asked for.
 */
export function workOf(
  open: readonly ObservedJob[],
  leases: ReadonlyMap<string, Lease>,
  analysed: ReadonlySet<string>,
  now: Date,
): StageWork[] {
  const live = new Map([...leases].filter(([, lease]) => isLive(lease, now.getTime())));
  /** By lease, since the same clip or segment is one piece of work for all jobs: since when it waits. */
  const waiting = new Map<string, number>();
  for (const seen of open) {
    for (const { stage, item, at } of openRequests(seen, analysed)) {
      const name = `${stage}/${leaseItem(stage, item, seen.job, seen.revision)}`;
      if (!live.has(name)) waiting.set(name, Math.min(at.getTime(), waiting.get(name) ?? Number.POSITIVE_INFINITY));
    }
  }
  return STAGES.map((stage) => {
    const prefix = `${stage}/`;
    const since = [...waiting].filter(([name]) => name.startsWith(prefix)).map(([, at]) => at);
    return {
      stage,
      waiting: since.length,
      // The store's clock may be ahead of ours.
      oldestWaitingSeconds: since.length > 0 ? Math.max(0, (now.getTime() - Math.min(...since)) / 1000) : null,
      atWork: [...live]
        .filter(([name]) => name.startsWith(prefix))
        .map(([name, { holder, reason = null }]) => ({ item: name.slice(prefix.length), holder, reason })),
    };
  });
}
