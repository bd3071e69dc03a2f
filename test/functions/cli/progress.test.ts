import { describe, expect, it } from 'vitest';
import { Pace, progressLine } from '../../../functions/cli/progress.ts';
import type { JobStatus } from '../../../shared/status.ts';

const job = (of: Partial<JobStatus>): JobStatus => ({
  id: 'j',
  revision: 1,
  state: 'rendering',
  footageSet: 's',
  style: 'dynamic',
  createdAt: '2026-07-01T12:00:00Z',
  finishedAt: null,
  waitingFor: null,
  clips: { total: 4, analysed: 1, rejected: [] },
  music: { file: 'song.mp3', analysed: false },
  segments: null,
  upscaling: null,
  failure: null,
  finishedRevision: null,
  outputs: [],
  ...of,
});
const rendered = (renderedFrames: number) =>
  job({ segments: { total: 10, rendered: 3, frames: 1000, renderedFrames } });

describe('progress', () => {
  it('is said in the words of the stage, with what is counted', () => {
    expect(progressLine(job({ state: 'analysing' }), null)).toBe('Looking at clips: 1 of 4, listening to the song');
    expect(progressLine(rendered(300), null)).toBe('Rendering: 3 of 10 segments');
    expect(progressLine(rendered(300), 41.6)).toBe('Rendering: 3 of 10 segments, about 42 s left');
    expect(progressLine(rendered(300), 400)).toContain('about 7 min left');
    expect(progressLine(job({ state: 'waiting', clips: null }), null)).toBe('Waiting until all clips are there');
  });

  it('says how far the upscaling is, beside the rendering and after it', () => {
    const upscaling = { total: 12, upscaled: 3, frames: 500, upscaledFrames: 120 };
    const meanwhile = { ...rendered(300), upscaling };
    expect(progressLine(meanwhile, null)).toBe('Rendering: 3 of 10 segments, upscaling: 3 of 12 pieces');
    expect(progressLine({ ...meanwhile, state: 'upscaling' }, 400)).toBe('Upscaling: 3 of 12 pieces, about 7 min left');
  });

  it('is what the job waits for, where only a person can bring that', () => {
    const waitingFor = 'Waiting for a song: there is none; put one into music/';
    expect(progressLine(job({ state: 'analysing', waitingFor }), null)).toBe(waitingFor);
  });

  it('knows the time left from the pace so far, not counting what was in the cache', () => {
    const pace = new Pace();
    expect(pace.secondsLeft(rendered(500), 0)).toBeNull();
    expect(pace.secondsLeft(rendered(500), 5000)).toBeNull();
    expect(pace.secondsLeft(rendered(600), 10_000)).toBeCloseTo(40);
    const upscaled = (upscaledFrames: number) =>
      job({ state: 'upscaling', upscaling: { total: 10, upscaled: 1, frames: 400, upscaledFrames } });
    expect(pace.secondsLeft(upscaled(100), 20_000)).toBeNull();
    expect(pace.secondsLeft(upscaled(200), 30_000)).toBeCloseTo(20);
  });

  it('says nothing of the time left while only the rendering is under way and upscaling is to come', () => {
    const pace = new Pace();
    const upscaling = { total: 12, upscaled: 0, frames: 500, upscaledFrames: 0 };
    expect(pace.secondsLeft({ ...rendered(500), upscaling }, 0)).toBeNull();
    expect(pace.secondsLeft({ ...rendered(600), upscaling }, 10_000)).toBeNull();
  });
});
