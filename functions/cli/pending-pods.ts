import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Refusal } from '../../shared/refusal.ts';

const run = promisify(execFile);

/** Pods as `kubectl get pods -o json` lists them; only what tells why one doesn't start. */
const PodsSchema = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
      status: z.object({
        conditions: z
          .array(z.object({ type: z.string(), status: z.string(), message: z.string().default('') }))
          .default([]),
        containerStatuses: z
          .array(
            z.object({
              state: z.object({
                waiting: z.object({ reason: z.string(), message: z.string().default('') }).optional(),
              }),
            }),
          )
          .default([]),
      }),
    }),
  ),
});

export interface PendingPod {
  pod: string;
  /** Name of the function it would run; of the pod's own where it runs none. */
  function: string;
  /** As Kubernetes says it: the scheduler's reason, or what its containers wait for. */
  reason: string;
}

/** Why each of the pending pods in kubectl's list doesn't run; none for those that are only just starting. */
export function pendingIn(list: unknown): PendingPod[] {
  return PodsSchema.parse(list).items.flatMap(({ metadata, status }) => {
    const unscheduled = status.conditions.find(({ type, status: is }) => type === 'PodScheduled' && is === 'False');
    const stuck = status.containerStatuses
      .flatMap(({ state }) => state.waiting ?? [])
      .find(({ reason }) => /Err|BackOff|Invalid/.test(reason));
    const reason = unscheduled?.message || (stuck && [stuck.reason, stuck.message].filter(Boolean).join(': '));
    const name = metadata.labels['serving.knative.dev/service'] ?? metadata.name;
    return reason ? [{ pod: metadata.name, function: name, reason }] : [];
  });
}

/**
 * Asks kubectl, as the operator who calls us may, which pods of a namespace don't run and why.
 *
 * @throws {Refusal} when kubectl isn't there or doesn't answer.
 */
export async function pendingPods(namespace: string): Promise<PendingPod[]> {
  const args = ['get', 'pods', '-n', namespace, '--field-selector=status.phase=Pending', '-o', 'json'];
  const { stdout } = await run('kubectl', args, { maxBuffer: 1 << 26 }).catch((error: Error & { stderr?: string }) => {
    throw new Refusal(`kubectl could not list the pods of ${namespace}: ${(error.stderr || error.message).trim()}`);
  });
  return pendingIn(JSON.parse(stdout));
}
