import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assembleMontage } from '../../functions/assemble/montage.ts';
import { writePoster } from '../../functions/assemble/poster.ts';
import { reportOf } from '../../functions/assemble/report.ts';
import { planTimeline } from '../../functions/plan/plan.ts';
import { KnownClips, lookAtClip } from '../../functions/render/clip.ts';
import { renderSegment } from '../../functions/render/segment.ts';
import type { Client } from '../../shared/api/client.ts';
import { applyChange } from '../../shared/edits/apply.ts';
import type { CutChange } from '../../shared/edits/change.ts';
import { toOtio } from '../../shared/exports/otio.ts';
import { cacheKeys, materialKeys, outputKeys, revisionKeys } from '../../shared/keys.ts';
import { joinedFiles, plannedSegments } from '../../shared/planned-segments.ts';
import { segmentHash } from '../../shared/segment-hash.ts';
import { segmentsOf } from '../../shared/segments.ts';
import type { Timeline } from '../../shared/timeline.ts';
import type { FolderStore } from '../../storage/folder.ts';
import { findJob } from '../../storage/jobs.ts';
import { type PlanShape, planInputs } from '../functions/plan/analyses.ts';

/** A job that nothing works on but the test: it is planned, rendered and finished when the test says so, by the functions' own work. */
export class HandMadeJob {
  readonly id: string;
  readonly timeline: Timeline;
  readonly #store: FolderStore;

  private constructor(store: FolderStore, id: string, timeline: Timeline) {
    this.#store = store;
    this.id = id;
    this.timeline = timeline;
  }

  /**
   * Asks for it, with its clips (`holiday/clip00.mp4` …) and its song (`song.mp3`) in the store and looked at. `changes`: what of its
   * timeline is another way.
   */
  static async ask(
    store: FolderStore,
    client: Client,
    shape: PlanShape,
    title?: string,
    changes: Partial<Timeline> = {},
  ): Promise<HandMadeJob> {
    const inputs = planInputs(shape);
    const { id } = await client.createJob(
      { footageSet: 'holiday', style: inputs.style.id, quality: 'preview', ...(title === undefined ? {} : { title }) },
      crypto.randomUUID(),
    );
    const { music, clips } = inputs;
    const put = (key: string, value: unknown) => store.putOnce('jobs', key, JSON.stringify(value));
    await put(materialKeys(id).clips, { clips: clips.map(({ ref }) => ref) });
    await put(materialKeys(id).music, { file: music.file, key: music.key, etag: music.etag, notes: [] });
    return new HandMadeJob(store, id, {
      ...planTimeline(inputs),
      quality: 'preview',
      width: 640,
      height: 360,
      ...changes,
    });
  }

  async plan(): Promise<void> {
    await this.#store.putOnce('jobs', revisionKeys(this.id, 1).timeline, toOtio(this.timeline));
  }

  /** Makes its second revision, which nobody has rendered: asks for it, and plans it as `plan` does. */
  async change(client: Client, change: CutChange): Promise<Timeline> {
    const timeline = applyChange(this.timeline, change);
    const body = { from: 1, changes: [change] };
    await client.call('makeRevision', { parameters: { job: this.id, revision: 2 }, body });
    await this.#store.putOnce('jobs', revisionKeys(this.id, 2).timeline, toOtio(timeline));
    return timeline;
  }

  /** Renders some of its segments, by their numbers, as `render` does. */
  async render(numbers: readonly number[]): Promise<void> {
    await using scratch = await scratchFolder();
    const { look } = new KnownClips(lookAtClip);
    for (const [i, spec] of segmentsOf(this.timeline).entries()) {
      if (!numbers.includes(i)) continue;
      const hash = segmentHash(spec);
      const out = join(scratch.path, `${i}.mp4`);
      await renderSegment(spec, ({ key }) => this.#pathOf('input', key), out, { scratch: scratch.path, look });
      await this.#store.putFileOnce('cache', cacheKeys.segment(hash), out);
      await this.#store.putOnce('jobs', revisionKeys(this.id, 1).marker('render', hash), '{}');
    }
  }

  /** Puts the rendered segments together, as `assemble` does, but for saying so. */
  async assemble(): Promise<void> {
    await using scratch = await scratchFolder();
    const out = join(scratch.path, 'montage.mp4');
    const files = joinedFiles(plannedSegments(this.timeline));
    const made = await assembleMontage({
      timeline: this.timeline,
      pieces: await Promise.all(
        files.map(async ({ hash, frames }) => ({ path: await this.#pathOf('cache', cacheKeys.segment(hash)), frames })),
      ),
      music: await this.#pathOf('music', this.timeline.music.key),
      openClip: ({ key }) => this.#pathOf('input', key),
      scratch: scratch.path,
      out,
    });
    const job = await findJob(this.#store, this.id);
    if (!job) throw new Error(`There is no job ${this.id}`);
    const report = reportOf({ job, timeline: this.timeline, made, upscaling: null, assembleSeconds: 1 });
    const poster = join(scratch.path, 'poster.jpg');
    await writePoster(out, this.timeline, poster);
    await this.#store.putFileOnce('output', outputKeys(this.id, 1).poster, poster);
    await this.#store.putOnce('output', outputKeys(this.id, 1).report, JSON.stringify(report));
    await this.#store.putFileOnce('output', outputKeys(this.id, 1).montage, out);
  }

  /** Says that it is finished. */
  async finish(): Promise<void> {
    await this.#store.putOnce('jobs', revisionKeys(this.id, 1).done, '{}');
  }

  async #pathOf(bucket: 'input' | 'music' | 'cache', key: string): Promise<string> {
    const path = await this.#store.localPath(bucket, key);
    if (!path) throw new Error(`${key} does not lie on this machine`);
    return path;
  }
}

async function scratchFolder() {
  const path = await mkdtemp(join(tmpdir(), 'montage-hand-made-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}
