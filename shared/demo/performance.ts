import {
  add,
  bass,
  crash,
  hat,
  kick,
  pad,
  pluck,
  riser,
  SONG_RATE,
  type Stereo,
  silence,
  snare,
} from './instruments.ts';

/** One character a quarter of a beat: "x" plays, "o" plays softly (an open hat on the hat's line), anything else rests. Repeats. */
export type Steps = string;

/** A part of a song in which everybody plays the same. */
export interface Passage {
  label: string;
  bars: number;
  kick?: Steps;
  snare?: Steps;
  hat?: Steps;
  bass?: Steps;
  pluck?: Steps;
  /** Held chords, 0 (none) to 1. */
  pad?: number;
  /** Climbs to the passage's end. */
  riser?: boolean;
  /** A crash on the first beat. */
  crash?: boolean;
}

/** A whole song, written down. */
export interface Score {
  /** Beats a minute at the first beat. */
  tempo: number;
  /** Ratio of the last beat's tempo to the first one's; it changes evenly in between. */
  drift?: number;
  /** Beats a bar. */
  meter: number;
  /** One chord a bar, again and again: MIDI notes, the lowest first. */
  chords: readonly (readonly number[])[];
  passages: readonly Passage[];
  /** Where every second eighth falls within its beat: 0.5 straight, 0.667 swung. */
  swing?: number;
  /** Seconds of silence before the first beat. */
  silenceSeconds?: number;
  /** Beats of the last bar's pattern that are played before the first downbeat. */
  pickupBeats?: number;
  /** Seconds that the last sounds are given to die away. */
  tailSeconds?: number;
}

/** What was played, and the truth about it in seconds. */
export interface Performance {
  sound: Stereo;
  beats: number[];
  downbeats: number[];
  sections: { start: number; end: number; label: string }[];
}

const STEPS_A_BEAT = 4;

/** Plays a score: the same samples each time. */
export function perform(score: Score): Performance {
  const { meter, passages } = score;
  const pickup = score.pickupBeats ?? 0;
  const bars = passages.reduce((sum, { bars }) => sum + bars, 0);
  const total = pickup + bars * meter;
  const timeAt = clock(score, total);
  const end = timeAt(total);
  const sound = silence(end + (score.tailSeconds ?? 1));
  const ducked = silence(end + (score.tailSeconds ?? 1));
  const kicks: number[] = [];
  const sections: Performance['sections'] = [];

  let firstBar = 0;
  for (const passage of passages) {
    const from = pickup + firstBar * meter;
    const start = timeAt(from);
    const stop = timeAt(from + passage.bars * meter);
    sections.push({ start, end: stop, label: passage.label });
    if (passage.crash) add(sound, crash(firstBar + 5), start, 2.5, 0.24, 0.2);
    if (passage.riser) add(ducked, riser(firstBar + 9, stop - start), start, stop - start, 0.5);
    const firstBeat = firstBar === 0 ? -pickup : 0;
    for (let beat = firstBeat; beat < passage.bars * meter; beat++) {
      const bar = firstBar + Math.floor(beat / meter);
      const chord = score.chords[(bar + score.chords.length) % score.chords.length] as readonly number[];
      playBeat({ passage, beat: from + beat, within: beat, chord, timeAt, sound, ducked, kicks, meter });
    }
    firstBar += passage.bars;
  }
  duck(ducked, kicks);
  for (let n = 0; n < sound.left.length; n++) {
    sound.left[n] = (sound.left[n] as number) + (ducked.left[n] as number);
    sound.right[n] = (sound.right[n] as number) + (ducked.right[n] as number);
  }
  limit(sound);
  return {
    sound,
    beats: Array.from({ length: total }, (_, beat) => timeAt(beat)),
    downbeats: Array.from({ length: bars }, (_, bar) => timeAt(pickup + bar * meter)),
    sections,
  };
}

/** The time of a beat, fractions of beats included: a closed form, so that no error adds up over a song. */
function clock(score: Score, total: number): (beat: number) => number {
  const interval = 60 / score.tempo;
  const growth = (1 / (score.drift ?? 1) - 1) / total;
  const swing = score.swing ?? 0.5;
  return (beat) => {
    const whole = Math.floor(beat);
    const part = beat - whole;
    const swung = part < 0.5 ? part * 2 * swing : swing + (part - 0.5) * 2 * (1 - swing);
    const at = whole + swung;
    return (score.silenceSeconds ?? 0) + interval * (at + (growth * at * at) / 2);
  };
}

interface BeatToPlay {
  passage: Passage;
  /** Counted from the song's first beat, and from the passage's first. */
  beat: number;
  within: number;
  chord: readonly number[];
  timeAt: (beat: number) => number;
  sound: Stereo;
  ducked: Stereo;
  kicks: number[];
  meter: number;
}

function playBeat({ passage, beat, within, chord, timeAt, sound, ducked, kicks, meter }: BeatToPlay): void {
  const root = chord[0] as number;
  if (passage.pad && ((within % meter) + meter) % meter === 0) {
    const length = timeAt(beat + meter) - timeAt(beat);
    for (const [index, note] of chord.entries()) {
      const voice = pad(note, length + 0.2, 0.05, 3 + 5 * passage.pad);
      add(ducked, voice, timeAt(beat), length + 0.2, 0.085 * (0.5 + passage.pad), index % 2 ? 0.5 : -0.5);
    }
  }
  for (let step = 0; step < STEPS_A_BEAT; step++) {
    const at = timeAt(beat + step / STEPS_A_BEAT);
    const index = within * STEPS_A_BEAT + step;
    const seed = beat * STEPS_A_BEAT + step + 1;
    const length = timeAt(beat + (step + 1) / STEPS_A_BEAT) - at;
    const kicked = hit(passage.kick, index, meter);
    if (kicked) {
      kicks.push(at);
      add(sound, kick(), at, 0.5, 0.62 * kicked);
    }
    const snared = hit(passage.snare, index, meter);
    if (snared) add(sound, snare(seed), at, 0.35, 0.4 * snared, 0.05);
    const hatted = hit(passage.hat, index, meter);
    if (hatted) add(sound, hat(seed + 7919, hatted < 1 ? 14 : 55), at, 0.3, 0.2, -0.25);
    const plucked = hit(passage.bass, index, meter);
    if (plucked) add(ducked, bass(root - 12, length * 1.7), at, length * 1.7, 0.2 * plucked);
    const picked = hit(passage.pluck, index, meter);
    if (picked) {
      const note = (chord[(index * 5) % chord.length] as number) + (index % 3 === 0 ? 24 : 12);
      for (const [echo, gain] of [0.13, 0.06, 0.03].entries()) {
        add(ducked, pluck(note), at + echo * 3 * length, 0.8, gain * picked, echo % 2 ? 0.6 : -0.4);
      }
    }
  }
}

/** How hard a line plays at a step: 0 rests. A line repeats, in bars when it is as long as one. */
function hit(steps: Steps | undefined, index: number, meter: number): number {
  if (!steps) return 0;
  const bar = meter * STEPS_A_BEAT;
  const length = steps.length > bar && steps.length % bar !== 0 ? bar : steps.length;
  const mark = steps[((index % length) + length) % length];
  return mark === 'x' ? 1 : mark === 'o' ? 0.6 : 0;
}

/** Makes room under each kick, as a compressor on a side chain does. */
function duck(sound: Stereo, kicks: readonly number[]): void {
  for (const at of kicks) {
    const start = Math.round(at * SONG_RATE);
    const length = Math.round(0.22 * SONG_RATE);
    for (let n = 0; n < length && start + n < sound.left.length; n++) {
      const gain = 0.35 + 0.65 * (n / length) ** 0.8;
      sound.left[start + n] = (sound.left[start + n] as number) * gain;
      sound.right[start + n] = (sound.right[start + n] as number) * gain;
    }
  }
}

/** A look-ahead limiter at −1.3 dB, so that no codec's overshoot clips: gain falls before a peak and comes back slowly. */
function limit(sound: Stereo): void {
  const ceiling = 0.86;
  const lookAhead = Math.round(0.004 * SONG_RATE);
  const release = 1 / (0.12 * SONG_RATE);
  const length = sound.left.length;
  const wanted = new Float32Array(length).fill(1);
  for (let n = 0; n < length; n++) {
    const peak = Math.max(Math.abs(sound.left[n] as number), Math.abs(sound.right[n] as number));
    if (peak > ceiling) wanted[n] = ceiling / peak;
  }
  // Backwards: a slope down to each peak; forwards: a slope up from it.
  for (let n = length - 2; n >= 0; n--) {
    wanted[n] = Math.min(wanted[n] as number, (wanted[n + 1] as number) + 1 / lookAhead);
  }
  let gain = 1;
  for (let n = 0; n < length; n++) {
    gain = Math.min(wanted[n] as number, gain + release);
    sound.left[n] = (sound.left[n] as number) * gain;
    sound.right[n] = (sound.right[n] as number) * gain;
  }
}
