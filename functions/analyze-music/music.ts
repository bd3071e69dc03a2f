import { type MusicAnalysis, MusicAnalysisSchema, type MusicResult } from '../../shared/analysis.ts';
import { beatConfidences } from './confidence.ts';
import { findDownbeats } from './downbeats.ts';
import { ENERGY_HOP_SECONDS, energyCurve } from './energy.ts';
import { type Heard, hear } from './hearing.ts';
import { labelSections } from './labels.ts';
import { chooseLevel } from './level.ts';
import { combineOnsets, ONSET_RATE } from './onsets.ts';
import { continueBeats, placeBeats } from './placement.ts';
import { rejectionOf, SAMPLE_RATE, stereoSamples } from './samples.ts';
import { findSections } from './sections.ts';
import { tempoCurve } from './tempo.ts';

const SHORTEST_SECONDS = 5;
const LONGEST_SECONDS = 3 * 3600;
/** Of the low, middle and high band: what falls on beats is more often a drum or a chord than a hat. */
const BEAT_WEIGHTS = [1, 0.8, 0.3] as const;
/** Onsets less periodic than this have no pulse that a cut could follow. */
const LEAST_PULSE = 0.12;

/**
 * Listens to a song: a file's path or a bridge URL. Times are seconds of what ffmpeg plays.
 *
 * @returns the analysis, or a rejection for what can never be analysed: no sound, silence, too short or too long, not decodable.
 * @throws {FfmpegError} for what may pass when tried again, or the signal's reason.
 */
export async function analyseMusic(
  source: string,
  options: { signal?: AbortSignal | undefined } = {},
): Promise<MusicResult> {
  try {
    return understand(await hear(stereoSamples(source, options), SAMPLE_RATE, LONGEST_SECONDS));
  } catch (error) {
    const reason = rejectionOf(error);
    if (reason) return { kind: 'rejected', reason };
    throw error;
  }
}

function understand(heard: Heard): MusicResult {
  const { durationSeconds, onsets, colour } = heard;
  if (durationSeconds < SHORTEST_SECONDS) {
    return rejected(
      `It is only ${durationSeconds.toFixed(1)} s long; choose a song of at least ${SHORTEST_SECONDS} s.`,
    );
  }
  if (durationSeconds > LONGEST_SECONDS) {
    return rejected(
      `It is longer than ${LONGEST_SECONDS / 3600} hours; choose a song, or the part of it that is needed.`,
    );
  }
  const { loudnessLufs } = heard;
  if (loudnessLufs === Number.NEGATIVE_INFINITY) return rejected('It is silent; choose a song that has sound.');
  const energy = energyCurve(heard.loudness, onsets);
  const { tempo, beats } = pulseOf(heard);
  const downbeats = beats.filter((beat) => beat.downbeat).map((beat) => beat.time);
  const sections = findSections(durationSeconds, downbeats, colour, energy);
  const labels = labelSections(sections, energy);
  return MusicAnalysisSchema.parse({
    kind: 'music',
    durationSeconds,
    tempo,
    beats,
    sections: sections.map((section, n) => ({ ...section, label: labels[n] })),
    energy: { hopSeconds: ENERGY_HOP_SECONDS, values: energy },
    loudnessLufs,
  });
}

function rejected(reason: string): MusicResult {
  return { kind: 'rejected', reason };
}

/** Tempo and beats; 0 and none for music without a pulse. */
function pulseOf({ onsets, attacks, colour, loudness }: Heard): Pick<MusicAnalysis, 'tempo' | 'beats'> {
  const curve = combineOnsets(onsets, BEAT_WEIGHTS);
  const pulse = tempoCurve(curve);
  if (pulse.strength < LEAST_PULSE) return { tempo: 0, beats: [] };
  const tracked = chooseLevel(onsets, curve, pulse.perSecond).map((frame) => frame / ONSET_RATE);
  const times = continueBeats(placeBeats(tracked, attacks), loudness);
  if (times.length < 4) return { tempo: 0, beats: [] };
  const confidences = beatConfidences(times, curve);
  const first = findDownbeats(times, onsets, colour);
  return {
    tempo: tempoOf(times),
    beats: times.map((time, n) => ({ time, downbeat: first[n] ?? false, confidence: confidences[n] ?? 0 })),
  };
}

/** Beats a minute of the middle interval, measured over eight beats so that a single one's error doesn't show. */
function tempoOf(times: readonly number[]): number {
  const span = Math.min(8, times.length - 1);
  const intervals = times.slice(span).map((time, n) => (time - (times[n] as number)) / span);
  const middle = intervals.sort((a, b) => a - b)[Math.floor(intervals.length / 2)] as number;
  return Math.round(6000 / middle) / 100;
}
