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
    add(
      sound,
      wash(11, 0.05, (t) => 0.35 + 0.65 * Math.sin(Math.PI * 0.17 * t + 0.4) ** 2),
      0,
      seconds,
      0.9,
      -0.4,
    );
    add(
      sound,
      wash(12, 0.14, (t) => Math.sin(Math.PI * 0.13 * t + 1.3) ** 4),
      0,
      seconds,
      0.5,
      0.5,
    );
  },
  mountains(sound, seconds) {
    add(
      sound,
      wash(21, 0.012, (t) => 0.6 + 0.4 * Math.sin(0.9 * t)),
      0,
      seconds,
      0.8,
      -0.3,
    );
    add(
      sound,
      wash(22, 0.03, (t) => 0.5 + 0.5 * Math.sin(0.6 * t + 2)),
      0,
      seconds,
      0.3,
      0.5,
    );
    for (let call = 0.8; call < seconds; call += 1.7) add(sound, birdCall(call), call, 0.3, 0.07, Math.sin(call * 5));
  },
  city(sound, seconds) {
    add(
      sound,
      wash(31, 0.008, () => 1),
      0,
      seconds,
      3.2,
    );
    add(
      sound,
      wash(32, 0.05, (t) => Math.max(0, Math.sin(1.9 * t)) ** 2),
      0,
      seconds,
      0.45,
      0.7,
    );
    add(
      sound,
      wash(33, 0.05, (t) => Math.max(0, Math.sin(1.4 * t + 2)) ** 2),
      0,
      seconds,
      0.45,
      -0.7,
    );
  },
  rain(sound, seconds) {
    add(
      sound,
      wash(41, 0.55, () => 1),
      0,
      seconds,
      0.1,
      -0.5,
    );
    add(
      sound,
      wash(42, 0.4, () => 1),
      0,
      seconds,
      0.12,
      0.5,
    );
    const random = noise(43);
    for (let drop = 0; drop < seconds; drop += 0.06 + 0.05 * (1 + random())) {
      add(sound, pluck(88 + Math.round(8 * random())), drop, 0.06, 0.025, random());
    }
  },
  aurora(sound, seconds) {
    add(
      sound,
      wash(51, 0.01, (t) => 0.7 + 0.3 * Math.sin(0.7 * t)),
      0,
      seconds,
      1.3,
    );
    for (const [n, note] of [57, 64, 69, 71].entries())
      add(sound, pad(note, seconds, 1.5, 2), 0, seconds, 0.05, n / 2 - 0.75);
  },
  tunnel(sound, seconds) {
    add(sound, (t) => Math.sin(2 * Math.PI * (55 * t - (4 / 2.1) * Math.cos(2.1 * t))), 0, seconds, 0.22);
    add(
      sound,
      wash(61, 0.06, (t) => 0.35 + 0.65 * Math.sin(Math.PI * 3.1 * t) ** 4),
      0,
      seconds,
      0.7,
    );
  },
  bounce(sound, seconds) {
    add(
      sound,
      wash(71, 0.02, () => 1),
      0,
      seconds,
      0.12,
    );
    for (const { time, size } of bounces(seconds)) {
      add(sound, kick(), time, 0.4, size / 90, (size - 34) / 20);
      add(sound, pluck(100 - size), time, 0.25, 0.12, (size - 34) / 20);
    }
  },
  fireworks(sound, seconds) {
    add(
      sound,
      wash(81, 0.01, () => 1),
      0,
      seconds,
      0.5,
    );
    for (const time of bursts(seconds)) {
      add(
        sound,
        wash(Math.round(time * 100) + 1, 0.09, (t) => Math.exp(-5 * t)),
        time,
        1.2,
        2.2,
        Math.sin(time * 3),
      );
      add(sound, kick(), time, 0.5, 0.5);
    }
  },
};

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
