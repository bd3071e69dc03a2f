import type { Patch } from './deployed.ts';

/** Every encode of a segment takes so much longer, so that work is in hand when something is done to the cluster. */
export const SLOW_SECONDS = 2;

const SCRIPT = `#!/bin/sh
case "$*" in *libx264*) sleep ${SLOW_SECONDS} ;; esac
exec /usr/bin/ffmpeg "$@"
`;

/** An ffmpeg that sleeps before it encodes, as a file that pods can mount. */
export const slowFfmpeg = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'slow-ffmpeg', namespace: 'montage-ai' },
  data: { ffmpeg: SCRIPT },
};

/** Has render use it. */
export const slowRender: Patch = {
  target: { group: 'serving.knative.dev', kind: 'Service', name: 'render' },
  patch: [
    {
      op: 'add',
      path: '/spec/template/spec/volumes/-',
      value: { name: 'slow', configMap: { name: 'slow-ffmpeg', defaultMode: 0o755 } },
    },
    {
      op: 'add',
      path: '/spec/template/spec/containers/0/volumeMounts/-',
      value: { name: 'slow', mountPath: '/slow', readOnly: true },
    },
    {
      op: 'add',
      path: '/spec/template/spec/containers/0/env',
      value: [
        { name: 'FFMPEG_PATH', value: '/slow/ffmpeg' },
        { name: 'FFPROBE_PATH', value: '/usr/bin/ffprobe' },
      ],
    },
  ],
};
