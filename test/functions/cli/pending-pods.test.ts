import { describe, expect, it } from 'vitest';
import { pendingIn } from '../../../functions/cli/pending-pods.ts';

const pod = (name: string, status: object, labels = {}) => ({ metadata: { name, labels }, status });

describe('pods that do not run', () => {
  it('are told with what the scheduler says, under the name of their function', () => {
    const unscheduled = {
      conditions: [
        { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/7 nodes are available' },
      ],
    };
    const list = { items: [pod('render-1-abc', unscheduled, { 'serving.knative.dev/service': 'render' })] };
    expect(pendingIn(list)).toEqual([{ pod: 'render-1-abc', function: 'render', reason: '0/7 nodes are available' }]);
  });

  it('are told when their image cannot be had', () => {
    const waiting = { reason: 'ImagePullBackOff', message: 'Back-off pulling image' };
    const list = { items: [pod('minio-0', { containerStatuses: [{ state: { waiting } }] })] };
    expect(pendingIn(list)).toEqual([
      { pod: 'minio-0', function: 'minio-0', reason: 'ImagePullBackOff: Back-off pulling image' },
    ]);
  });

  it('are not those that are only just starting', () => {
    const starting = {
      conditions: [{ type: 'PodScheduled', status: 'True' }],
      containerStatuses: [{ state: { waiting: { reason: 'ContainerCreating' } } }, { state: {} }],
    };
    expect(pendingIn({ items: [pod('plan-1-x', starting), pod('plan-1-y', {})] })).toEqual([]);
  });
});
