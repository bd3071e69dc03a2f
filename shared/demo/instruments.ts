/** Samples a second of all that the demo plays. */
export const SONG_RATE = 44_100;

/** Two channels that voices are added to. */
export interface Stereo {
  left: Float32Array;
  right: Float32Array;
}

export function silence(seconds: number): Stereo {
  const length = Math.ceil(seconds * SONG_RATE);
  return { left: new Float32Array(length), right: new Float32Array(length) };
}

/** Uniform noise in −1 to 1 that is the same each time for the same seed (mulberry32). */
export function noise(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 31 - 1;
  };
}

/** A voice: the sample of a note `seconds` after it began. Voices may keep state, so one is made for each note. */
export type Voice = (seconds: number) => number;

/** Adds a voice from `at` for `length` seconds; `pan` is −1 (left) to 1 (right), at equal power. */
export function add(into: Stereo, voice: Voice, at: number, length: number, gain: number, pan = 0): void {
  const start = Math.round(at * SONG_RATE);
  const angle = ((pan + 1) * Math.PI) / 4;
  const left = gain * Math.cos(angle) * Math.SQRT2;
  const right = gain * Math.sin(angle) * Math.SQRT2;
  const end = Math.min(into.left.length, start + Math.round(length * SONG_RATE));
  for (let n = start; n < end; n++) {
    const sample = voice((n - start) / SONG_RATE);
    into.left[n] = (into.left[n] as number) + left * sample;
    into.right[n] = (into.right[n] as number) + right * sample;
  }
}

/** A sine that falls from a click to a thump. */
export function kick(): Voice {
  return (t) => {
    const phase = 48 * t + (110 / 32) * (1 - Math.exp(-32 * t));
    return Math.sin(2 * Math.PI * phase) * Math.exp(-7.5 * t) + 0.35 * Math.exp(-420 * t);
  };
}

/** Noise through a resonance, over two drum modes. */
export function snare(seed: number): Voice {
  const hiss = noise(seed);
  let low = 0;
  return (t) => {
    const white = hiss();
    low += 0.25 * (white - low);
    const rattle = (white - low) * Math.exp(-16 * t);
    const skin = Math.sin(2 * Math.PI * 186 * t) + 0.6 * Math.sin(2 * Math.PI * 331 * t);
    return 0.75 * rattle + 0.45 * skin * Math.exp(-26 * t);
  };
}

/** High noise; `decay` is how fast it dies: 60 closed, 12 open. */
export function hat(seed: number, decay: number): Voice {
  const hiss = noise(seed);
  let low = 0;
  let lower = 0;
  return (t) => {
    const white = hiss();
    low += 0.62 * (white - low);
    const high = white - low;
    lower += 0.62 * (high - lower);
    return (high - lower) * Math.exp(-decay * t);
  };
}

/** A crash: bright noise with a few inharmonic partials, dying slowly. */
export function crash(seed: number): Voice {
  const open = hat(seed, 1.9);
  return (t) => {
    let metal = 0;
    for (const partial of [2093, 3217, 4519, 5903, 7411]) metal += Math.sin(2 * Math.PI * partial * t + partial);
    return open(t) + 0.05 * metal * Math.exp(-3.2 * t);
  };
}

/** The frequency of a MIDI note number. */
export function hertz(note: number): number {
  return 440 * 2 ** ((note - 69) / 12);
}

const SAW_STEPS = 4096;
const MOST_HARMONICS = 12;
/** One turn of a saw of each number of harmonics up to the most, with its first step again at the end. */
const SAWS = Array.from({ length: MOST_HARMONICS + 1 }, (_, harmonics) =>
  Float32Array.from({ length: SAW_STEPS + 1 }, (_, step) => {
    let sum = 0;
    for (let k = 1; k <= harmonics; k++) sum += Math.sin((2 * Math.PI * k * step) / SAW_STEPS) / k;
    return sum;
  }),
);

/** A saw with `harmonics` up to `MOST_HARMONICS`, so that nothing aliases; a part of one fades it in, so that brightness moves without steps. */
function saw(phase: number, harmonics: number): number {
  const whole = Math.min(MOST_HARMONICS - 1, Math.floor(harmonics));
  const at = (phase - Math.floor(phase)) * SAW_STEPS;
  const dull = turnAt(SAWS[whole] as Float32Array, at);
  const bright = turnAt(SAWS[whole + 1] as Float32Array, at);
  return dull + (bright - dull) * Math.min(1, harmonics - whole);
}

function turnAt(turn: Float32Array, at: number): number {
  const step = Math.floor(at);
  const value = turn[step] as number;
  return value + ((turn[step + 1] as number) - value) * (at - step);
}

/** A round bass with a pluck to it. */
export function bass(note: number, length: number): Voice {
  const frequency = hertz(note);
  return (t) => {
    const tone = saw(frequency * t, 2 + 7 * Math.exp(-9 * t)) + 0.5 * Math.sin(Math.PI * frequency * t);
    return tone * edge(t, length, 0.004, 0.03);
  };
}

/** Two detuned soft saws that swell; one note of a chord. */
export function pad(note: number, length: number, attack: number, brightness: number): Voice {
  const frequency = hertz(note);
  return (t) => {
    const glow = brightness * (1 + 0.25 * Math.sin(2 * Math.PI * 0.31 * t + note));
    const tone = saw(frequency * 1.0025 * t, glow) + saw(frequency * 0.9975 * t + 0.37, glow);
    return 0.5 * tone * edge(t, length, attack, 0.25);
  };
}

/** A bell-like pluck. */
export function pluck(note: number): Voice {
  const frequency = hertz(note);
  return (t) => {
    const shimmer = 1.6 * Math.exp(-9 * t) * Math.sin(2 * Math.PI * 2 * frequency * t);
    return Math.sin(2 * Math.PI * frequency * t + shimmer) * Math.exp(-6.5 * t) * Math.min(1, t / 0.002);
  };
}

/** Noise that opens and a tone that climbs two octaves until `length`. */
export function riser(seed: number, length: number): Voice {
  const hiss = noise(seed);
  let low = 0;
  let phase = 0;
  return (t) => {
    const way = Math.min(1, t / length);
    const white = hiss();
    low += (0.02 + 0.5 * way * way) * (white - low);
    phase += (220 * 4 ** way) / SONG_RATE;
    const tone = saw(phase, 4) * 0.18 * way;
    return (low * 0.9 + tone) * way * way * edge(t, length, 0.01, 0.02);
  };
}

/** Rises in `attack` seconds, falls in the last `release` of `length`. */
function edge(t: number, length: number, attack: number, release: number): number {
  return Math.min(1, t / attack) * Math.max(0, Math.min(1, (length - t) / release));
}
