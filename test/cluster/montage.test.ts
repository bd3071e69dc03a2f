import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { type Cluster, clusterSkipReason, startCluster } from './cluster.ts';
import { cronTimer } from './cron-timer.ts';
import { deadLetters } from './dead-letters.ts';
import { type Deployed, deploy, emptyNamespace } from './deployed.ts';
import { droppedClips } from './dropped.ts';
import { faults, soonLost } from './faults.ts';
import { manySegments } from './flow.ts';
import { imagesFfmpeg, loadFunctions } from './functions-image.ts';
import { overhead } from './overhead.ts';
import { overlays } from './overlays.ts';
import { page } from './page.ts';
import { pinning } from './pinning.ts';
import { slowFfmpeg, slowRender } from './slow-encoder.ts';
import { upscaled } from './upscaled.ts';
import { waitingPods } from './waiting-pods.ts';

const missing = clusterSkipReason();
const brief = process.env.MONTAGE_TEST_CLUSTER === 'brief';
/** A first build of Kubernetes and Knative takes a quarter of an hour. */
const BUILD_MS = 45 * 60_000;
const CLAIM_MS = 20 * 60_000;

describe.skipIf(missing)(
  `Montage on Kubernetes${missing ? ` (skipped: ${missing})` : ''}`,
  { timeout: CLAIM_MS },
  () => {
    let cluster: Cluster;
    let scratch: string;
    let ffmpeg: Record<string, string>;
    beforeAll(async () => {
      scratch = await mkdtemp(join(tmpdir(), 'montage-on-kubernetes-'));
      cluster = await startCluster();
      ffmpeg = await imagesFfmpeg(scratch, await loadFunctions(cluster, scratch));
    }, BUILD_MS);
    afterAll(async () => {
      await cluster?.[Symbol.asyncDispose]();
      await rm(scratch, { recursive: true, force: true });
    }, CLAIM_MS);

    describe('an overlay', () => {
      beforeAll(async () => emptyNamespace(cluster));
      overlays(() => cluster);
      pinning(() => cluster);
    });

    describe('a montage', () => {
      let system: Deployed;
      beforeAll(async () => {
        system = await deploy(cluster);
      }, CLAIM_MS);
      afterAll(async () => system?.[Symbol.asyncDispose](), CLAIM_MS);
      droppedClips(
        () => system,
        () => scratch,
        () => ffmpeg,
      );
      overhead(
        () => system,
        () => 'tune.wav',
      );
      upscaled(
        () => system,
        () => scratch,
        () => 'tune.wav',
      );
      page(() => system);
      cronTimer(
        () => cluster,
        () => system,
      );
      deadLetters(
        () => system,
        () => scratch,
      );
      waitingPods(() => system);
    });

    describe.skipIf(brief)(
      `a montage of segments that take a while${brief ? ' (skipped: the run is a brief one)' : ''}`,
      () => {
        let system: Deployed;
        beforeAll(async () => {
          system = await deploy(cluster, { patches: [slowRender, soonLost], extra: [slowFfmpeg] });
        }, CLAIM_MS);
        afterAll(async () => system?.[Symbol.asyncDispose](), CLAIM_MS);
        manySegments(
          () => system,
          () => scratch,
        );
        faults(
          () => system,
          () => scratch,
        );
      },
    );
  },
);
