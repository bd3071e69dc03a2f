import type { MusicAnalysis, SECTION_LABELS } from '../../shared/analysis.ts';
import { type FrameRate, nearestFrame, secondsAt } from '../../shared/frame-rate.ts';

export type SectionLabel = (typeof SECTION_LABELS)[number];

/** A place where a cut may fall. */
export interface GridPoint {
  frame: number;
  seconds: number;
  /** In beats from the song's first pulse; negative or broken before it and at the end. */
  position: number;
  /** A beat that was heard; the middle between two; or a pulse that goes on where none is heard. */
  kind: 'beat' | 'half' | 'pulse';
  downbeat: boolean;
  /** First beat of a phrase of four bars. */
  phrase: boolean;
  /** The section that starts here. */
  opens: SectionLabel | null;
  /** The section it lies in. */
  section: number;
}

interface Pulse {
  seconds: number;
  heard: boolean;
  downbeat: boolean;
}

const PULSE_WITHOUT_BEATS_SECONDS = 0.5;
const BARS_A_PHRASE = 4;

/**
 * All places for cuts in the first `frames` frames of a song, in order: frame 0, every beat (and every half beat when
 * `halves`), and the end. Where no beat is heard (before the first, in long gaps, in music without a pulse) even pulses go on.
 */
export function cutGrid(music: MusicAnalysis, rate: FrameRate, frames: number, halves: boolean): GridPoint[] {
  const end = secondsAt(frames, rate);
  const period = beatPeriod(music);
  const pulses = pulsesOf(music, end, period);
  const point = (pulse: Pulse, position: number, kind: GridPoint['kind']): GridPoint => ({
    frame: nearestFrame(pulse.seconds, rate),
    seconds: pulse.seconds,
    position,
    kind,
    downbeat: pulse.downbeat,
    phrase: false,
    opens: null,
    section: 0,
  });
  const points: GridPoint[] = [];
  for (const [i, pulse] of pulses.entries()) {
    points.push(point(pulse, i, pulse.heard ? 'beat' : 'pulse'));
    const next = pulses[i + 1];
    if (halves && next) {
      const middle = { seconds: (pulse.seconds + next.seconds) / 2, heard: false, downbeat: false };
      points.push(point(middle, i + 0.5, 'half'));
    }
  }
  const inside = points.filter((candidate) => candidate.frame < frames);
  const first = inside[0];
  if (first?.frame !== 0) {
    const position = first ? first.position - first.seconds / period : 0;
    inside.unshift(point({ seconds: 0, heard: false, downbeat: false }, position, 'pulse'));
  }
  const last = inside.at(-1);
  const endPosition = (last?.position ?? 0) + (end - (last?.seconds ?? 0)) / period;
  inside.push({ ...point({ seconds: end, heard: false, downbeat: false }, endPosition, 'pulse'), frame: frames });
  markSections(inside, music, period);
  return inside.filter((candidate, i) => i === 0 || candidate.frame > (inside[i - 1]?.frame ?? -1));
}

/** When the song's pulse falls up to `end`, in seconds: every beat, and where none is heard the pulse that goes on. */
export function pulseTimes(music: MusicAnalysis, end: number): number[] {
  return pulsesOf(music, end, beatPeriod(music)).map(({ seconds }) => seconds);
}

/** The grid with points at these frames too, in order. What is new lies on no beat. */
export function withFrames(grid: readonly GridPoint[], frames: readonly number[], rate: FrameRate): GridPoint[] {
  const known = new Set(grid.map(({ frame }) => frame));
  const added = [...new Set(frames)].filter((frame) => !known.has(frame));
  const between = (frame: number): GridPoint => {
    const before = grid.findLast((point) => point.frame < frame);
    const after = grid.find((point) => point.frame > frame);
    const [from, to] = [before?.frame ?? 0, after?.frame ?? frame];
    const share = to > from ? (frame - from) / (to - from) : 0;
    const position = (before?.position ?? 0) + share * ((after?.position ?? 0) - (before?.position ?? 0));
    const section = before?.section ?? 0;
    const plain = { kind: 'pulse', downbeat: false, phrase: false, opens: null } as const;
    return { ...plain, frame, seconds: secondsAt(frame, rate), position, section };
  };
  return [...grid, ...added.map(between)].sort((a, b) => a.frame - b.frame);
}

/** Median distance of neighbouring beats in seconds. */
export function beatPeriod(music: Pick<MusicAnalysis, 'beats'>): number {
  const gaps = music.beats.slice(1).map((beat, i) => beat.time - (music.beats[i]?.time ?? 0));
  const sorted = gaps.filter((gap) => gap > 0.05).sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? PULSE_WITHOUT_BEATS_SECONDS;
}

function pulsesOf(music: MusicAnalysis, end: number, period: number): Pulse[] {
  const beats = music.beats.filter(({ time }, i) => time < end && (i === 0 || time > (music.beats[i - 1]?.time ?? -1)));
  if (beats.length < 2) return evenPulses(music, end);
  const pulses: Pulse[] = [];
  const fill = (from: number, to: number) => {
    const steps = Math.round((to - from) / period);
    for (let step = 1; step < steps; step++) {
      pulses.push({ seconds: from + ((to - from) * step) / steps, heard: false, downbeat: false });
    }
  };
  const firstTime = beats[0]?.time ?? 0;
  for (let step = Math.floor(firstTime / period - 0.25); step >= 1; step--) {
    pulses.push({ seconds: firstTime - step * period, heard: false, downbeat: false });
  }
  for (const [i, { time, downbeat }] of beats.entries()) {
    const before = beats[i - 1];
    if (before) fill(before.time, time);
    pulses.push({ seconds: time, heard: true, downbeat });
  }
  const lastTime = beats.at(-1)?.time ?? 0;
  for (let step = 1; lastTime + step * period < end; step++) {
    pulses.push({ seconds: lastTime + step * period, heard: false, downbeat: false });
  }
  return pulses;
}

/** Music without a pulse: each section divided evenly, in steps of about half a second. */
function evenPulses(music: MusicAnalysis, end: number): Pulse[] {
  const bounds = [
    0,
    ...music.sections.map((section) => section.start).filter((start) => start > 0 && start < end),
    end,
  ];
  const sorted = [...new Set(bounds)].sort((a, b) => a - b);
  return sorted.slice(1).flatMap((to, i) => {
    const from = sorted[i] ?? 0;
    const steps = Math.max(1, Math.round((to - from) / PULSE_WITHOUT_BEATS_SECONDS));
    return Array.from({ length: steps }, (_, step) => ({
      seconds: from + ((to - from) * step) / steps,
      heard: false,
      // Every fourth pulse of a section stands in for a downbeat, so that lengths come in phrases here too.
      downbeat: step % 4 === 0,
    }));
  });
}

/** Says of each point which section it lies in, which one it opens, and whether a phrase starts there. */
function markSections(points: GridPoint[], music: MusicAnalysis, period: number): void {
  for (const [i, section] of music.sections.entries()) {
    for (const point of points) if (point.seconds >= section.start - period / 2) point.section = i;
    if (section.start <= period / 2) {
      const start = points[0];
      if (start) start.opens = section.label;
      continue;
    }
    const near = points
      .slice(1, -1)
      .filter((point) => point.kind !== 'half' && Math.abs(point.seconds - section.start) <= period)
      .sort((a, b) => distance(a) - distance(b))[0];
    // A downbeat within a beat of the boundary is where the section is felt to start.
    function distance(point: GridPoint): number {
      return Math.abs(point.seconds - section.start) - (point.downbeat ? period * 0.75 : 0);
    }
    if (near) near.opens = section.label;
  }
  let bars = 0;
  for (const point of points) {
    if (point.opens) bars = 0;
    if (point.downbeat) {
      point.phrase = bars % BARS_A_PHRASE === 0;
      bars++;
    }
  }
}
