import { describe, expect, it } from 'vitest';
import { pendingIn } from '../../../functions/cli/pending-pods.ts';

const pod = (name: string, status: object, labels = {}) => ({ kind: 'Pod', metadata: { name, labels }, status });

describe('pods that do not run', () => {
  it('are told with what the scheduler says, under the name of their function', () => {
    const unscheduled = {
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/7 nodes are available' },
      ],
    };
    const list = { items: [pod('render-1-abc', unscheduled, { 'serving.knative.dev/service': 'render' })] };
    expect(pendingIn(list)).toEqual([{ name: 'render-1-abc', function: 'render', reason: '0/7 nodes are available' }]);
  });

  it('are told when their image cannot be had', () => {
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image' };
    const list = { items: [pod('minio-0', { containerStatuses: [{ state: { waiting } }] })] };
    expect(pendingIn(list)).toEqual([
      { name: 'minio-0', function: 'minio-0', reason: 'ImagePullBackOff: Back-off pulling image' },
    ]);
  });

  it('are those that were never made because their image cannot be found out, and told once where there is a pod', () => {
    const message = 'Unable to fetch image "registry.lan/x": not found';
    const status = { conditions: [{ type: 'Ready', status: 'False', message }] };
    const service = (name: string) => ({ kind: 'Service', metadata: { name }, status });
    const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting' };
    const labels = { 'serving.knative.dev/service': 'render' };
    const crashing = pod('render-1', { containerStatuses: [{ state: { waiting } }] }, labels);
    expect(pendingIn({ items: [service('plan'), service('render'), crashing] })).toEqual([
      { name: 'plan', function: 'plan', reason: message },
      { name: 'render-1', function: 'render', reason: 'CrashLoopBackOff: back-off 40s restarting' },
    ]);
  });

  it('are not those that are only just starting', () => {
    const starting = {
      conditions: [{ type: 'PodScheduled', status: 'True' }],
      containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }, { state: {} }],
    };
    expect(pendingIn({ items: [pod('plan-1-x', starting), pod('plan-1-y', {})] })).toEqual([]);
  });

  it('are those that end again and again, and those that a quota lets nobody make', () => {
    const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 40s restarting' };
    const message = 'pods "plan-1" is forbidden: exceeded quota: montage';
    const failed = { conditions: [{ type: 'ReplicaFailure', status: 'True', message }] };
    const deployment = {
      kind: 'Deployment',
      metadata: { name: 'plan-1', labels: { 'serving.knative.dev/service': 'plan' } },
    };
    const list = {
      items: [pod('jobs-1', { initContainerStatuses: [{ state: { waiting } }] }), { ...deployment, status: failed }],
    };
    expect(pendingIn(list)).toEqual([
      { name: 'jobs-1', function: 'jobs-1', reason: 'CrashLoopBackOff: back-off 40s restarting' },
      { name: 'plan-1', function: 'plan', reason: message },
    ]);
  });

  it('are not those of a revision that was left behind, as after going back from a bad image', () => {
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image "functions:9"' };
    const of = (revision: string) =>
      pod(
        `${revision}-abc`,
        { containerStatuses: [{ state: { waiting } }] },
        {
          'serving.knative.dev/service': 'plan',
          'serving.knative.dev/revision': revision,
        },
      );
    const service = {
      kind: 'Service',
      metadata: { name: 'plan' },
      status: { latestCreatedRevisionName: 'plan-00003', conditions: [{ type: 'Ready', status: 'True' }] },
    };
    expect(pendingIn({ items: [service, of('plan-00002')] })).toEqual([]);
    expect(pendingIn({ items: [service, of('plan-00003')] })).toHaveLength(1);
  });
});
