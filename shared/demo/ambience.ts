import { add, kick, noise, pad, pluck, SONG_RATE, type Stereo, silence, type Voice } from './instruments.ts';
import type { SceneName } from './scenes/all.ts';
import { bounces } from './scenes/bounce.ts';
import { bursts } from './scenes/fireworks.ts';

const FADE_SECONDS = 0.03;

/** What a scene sounds like, from `from` seconds into it; the same samples each time. */
export function ambience(scene: SceneName, from: number, length: number): Stereo {
  const sound = silence(from + length);
  const whole = from + length;
  SOUNDS[scene](sound, whole);
  const start = Math.round(from * SONG_RATE);
  const part = { left: sound.left.slice(start), right: sound.right.slice(start) };
  for (const channel of [part.left, part.right]) fadeEnds(channel);
  return part;
}

const SOUNDS: Record<SceneName, (sound: Stereo, seconds: number) => void> = {
  sea(sound, seconds) {
    const swell = (t: number) => 0.35 + 0.65 * Math.sin(Math.PI * 0.17 * t + 0.4) ** 2;
    const surf = (t: number) => Math.sin(Math.PI * 0.13 * t + 1.3) ** 4;
    addAir(sound, seconds, { seed: 11, openness: 0.05, gain: 0.9, pan: -0.4, level: swell });
    addAir(sound, seconds, { seed: 12, openness: 0.14, gain: 0.5, pan: 0.5, level: surf });
  },
  mountains(sound, seconds) {
    addAir(sound, seconds, {
      seed: 21,
      openness: 0.012,
      gain: 0.8,
      pan: -0.3,
      level: (t) => 0.6 + 0.4 * Math.sin(0.9 * t),
    });
    addAir(sound, seconds, {
      seed: 22,
      openness: 0.03,
      gain: 0.3,
      pan: 0.5,
      level: (t) => 0.5 + 0.5 * Math.sin(0.6 * t),
    });
    for (let n = 0; 0.8 + 1.7 * n < seconds; n++) add(sound, birdCall(n), 0.8 + 1.7 * n, 0.3, 0.07, Math.sin(n * 5));
  },
  city(sound, seconds) {
    addAir(sound, seconds, { seed: 31, openness: 0.008, gain: 3.2 });
    for (const [seed, pan, pace] of [
      [32, 0.7, 1.9],
      [33, -0.7, 1.4],
    ] as const) {
      const passing = (t: number) => Math.max(0, Math.sin(pace * t + seed)) ** 2;
      addAir(sound, seconds, { seed, openness: 0.05, gain: 0.45, pan, level: passing });
    }
  },
  rain(sound, seconds) {
    addAir(sound, seconds, { seed: 41, openness: 0.55, gain: 0.1, pan: -0.5 });
    addAir(sound, seconds, { seed: 42, openness: 0.4, gain: 0.12, pan: 0.5 });
    const random = noise(43);
    for (let n = 0; n < seconds * 9; n++) {
      const at = (n + 0.5 + 0.5 * random()) / 9;
      add(sound, pluck(88 + Math.round(8 * random())), at, 0.06, 0.025, random());
    }
  },
  aurora(sound, seconds) {
    addAir(sound, seconds, { seed: 51, openness: 0.01, gain: 1.3, level: (t) => 0.7 + 0.3 * Math.sin(0.7 * t) });
    for (const [n, note] of [57, 64, 69, 71].entries()) {
      add(sound, pad(note, seconds, 1.5, 2), 0, seconds, 0.05, n / 2 - 0.75);
    }
  },
  tunnel(sound, seconds) {
    const rush = (t: number) => 0.35 + 0.65 * Math.sin(Math.PI * 3.1 * t) ** 4;
    addAir(sound, seconds, { seed: 61, openness: 0.06, gain: 0.7, level: rush });
    add(sound, (t) => Math.sin(2 * Math.PI * (55 * t - 1.9 * Math.cos(2.1 * t))), 0, seconds, 0.22);
  },
  bounce(sound, seconds) {
    addAir(sound, seconds, { seed: 71, openness: 0.02, gain: 0.12 });
    for (const { time, size } of bounces(seconds)) {
      add(sound, kick(), time, 0.4, size / 160, (size - 34) / 20);
      add(sound, pluck(100 - size), time, 0.25, 0.08, (size - 34) / 20);
    }
  },
  fireworks(sound, seconds) {
    addAir(sound, seconds, { seed: 81, openness: 0.01, gain: 0.5 });
    for (const time of bursts(seconds)) {
      const bang = wash(Math.round(time * 100) + 1, 0.09, (t) => Math.exp(-5 * t));
      add(sound, bang, time, 1.2, 0.9, Math.sin(time * 3));
      add(sound, kick(), time, 0.5, 0.25);
    }
  },
};

interface Air {
  seed: number;
  /** How bright, 0 to 1. */
  openness: number;
  gain: number;
  pan?: number;
  /** How its level moves. */
  level?: (seconds: number) => number;
}

/** Adds moving air (wind, surf, traffic, rain) through the whole of a sound. */
function addAir(sound: Stereo, seconds: number, { seed, openness, gain, pan = 0, level = () => 1 }: Air): void {
  add(sound, wash(seed, openness, level), 0, seconds, gain, pan);
}

/** Noise through a one-pole low pass (`openness` 0 to 1), its level moved by `level`. */
function wash(seed: number, openness: number, level: (seconds: number) => number): Voice {
  const hiss = noise(seed);
  let low = 0;
  return (t) => {
    low += openness * (hiss() - low);
    return low * level(t);
  };
}

/** A short falling whistle. */
function birdCall(seed: number): Voice {
  return (t) =>
    Math.sin(2 * Math.PI * (2500 + 300 * Math.sin(seed * 9) - 1500 * t) * t) * Math.sin((Math.PI * t) / 0.3);
}

/** So that nothing clicks where shots meet. */
function fadeEnds(channel: Float32Array): void {
  const length = Math.round(FADE_SECONDS * SONG_RATE);
  for (let n = 0; n < length && n < channel.length; n++) {
    channel[n] = (channel[n] as number) * (n / length);
    const last = channel.length - 1 - n;
    channel[last] = (channel[last] as number) * (n / length);
  }
}
