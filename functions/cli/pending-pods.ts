import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { Refusal } from '../../shared/refusal.ts';

const run = promisify(execFile);

const ConditionsSchema = z
  .array(z.object({ type: z.string(), status: z.string(), message: z.string().default('') }))
  .default([]);
const ContainersSchema = z
  .array(
    z.object({
      state: z.object({ waiting: z.object({ reason: z.string(), message: z.string().default('') }).optional() }),
    }),
  )
  .default([]);

/** Pods, Deployments and Knative's Services as `kubectl get -o json` lists them; only what tells why something doesn't run. */
const ListSchema = z.object({
  items: z.array(
    z.object({
      kind: z.string(),
      metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).default({}) }),
      status: z.object({
        latestCreatedRevisionName: z.string().optional(),
        conditions: ConditionsSchema,
        containerStatuses: ContainersSchema,
        initContainerStatuses: ContainersSchema,
      }),
    }),
  ),
});

export interface PendingPod {
  /** Of the pod; of its Deployment, or its Service, where the pod could not even be made. */
  name: string;
  /** Name of the function it would run; of the pod's own where it runs none. */
  function: string;
  /** As Kubernetes says it: the scheduler's reason, the quota's, or what its containers wait for. */
  reason: string;
}

/**
 * Why each of the pods in kubectl's list that don't run doesn't; none for those that are only just starting, and for those of a revision
 * that its Service has left behind.
 */
export function pendingIn(list: unknown): PendingPod[] {
  const { items } = ListSchema.parse(list);
  const newest = new Map(
    items.flatMap(({ kind, metadata, status }) =>
      kind === 'Service' ? [[metadata.name, status.latestCreatedRevisionName] as const] : [],
    ),
  );
  const isLeftBehind = ({ labels }: (typeof items)[number]['metadata']) => {
    const revision = newest.get(labels['serving.knative.dev/service'] ?? '');
    return revision !== undefined && labels['serving.knative.dev/revision'] !== revision;
  };
  const pending = items.flatMap(({ kind, metadata, status }) => {
    if (isLeftBehind(metadata)) return [];
    const { conditions, containerStatuses, initContainerStatuses } = status;
    const refused = conditions.find(
      ({ type, status: is }) =>
        (type === 'PodScheduled' && is === 'False') ||
        (type === 'ReplicaFailure' && is === 'True') ||
        // Where its image can't be found out, Knative makes neither Deployment nor pod.
        (kind === 'Service' && type === 'Ready' && is === 'False'),
    );
    const stuck = [...initContainerStatuses, ...containerStatuses]
      .flatMap(({ state }) => state.waiting ?? [])
      .find(({ reason }) => /Err|BackOff|Invalid/.test(reason));
    const reason = refused?.message || (stuck && [stuck.reason, stuck.message].filter(Boolean).join(': '));
    const service = metadata.labels['serving.knative.dev/service'] ?? metadata.name;
    return reason ? [{ kind, name: metadata.name, function: service, reason }] : [];
  });
  const told = new Set(pending.filter(({ kind }) => kind !== 'Service').map((each) => each.function));
  return pending
    .filter((each) => each.kind !== 'Service' || !told.has(each.function))
    .map(({ kind: _, ...each }) => each);
}

/**
 * Asks kubectl, as the operator who calls us may, which pods of a namespace don't run and why.
 *
 * @throws {Refusal} when kubectl isn't there or doesn't answer, and when there is no Montage in the namespace.
 */
export async function pendingPods(namespace: string): Promise<PendingPod[]> {
  const args = ['get', 'pods,deployments,services.serving.knative.dev', '-n', namespace, '-o', 'json'];
  const { stdout } = await run('kubectl', args, { maxBuffer: 1 << 26 }).catch((error: Error & { stderr?: string }) => {
    throw new Refusal(`kubectl could not list the pods of ${namespace}: ${(error.stderr || error.message).trim()}`);
  });
  const list: unknown = JSON.parse(stdout);
  if (ListSchema.parse(list).items.length === 0)
    throw new Refusal(`There is nothing of Montage in the namespace ${namespace}; check the name given to --namespace`);
  return pendingIn(list);
}
