import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { handOver } from '../../../functions/ui/page/play/hand-over.ts';
import type { Screen } from '../../../functions/ui/page/play/screen.ts';

const REFRESH = 1 / 60;

/** A screen on a clock that only the test moves on. */
class Played implements Screen {
  readonly isPlaying = signal(false);
  isSeeking = false;
  seconds = 0;
  speed = 1;
  /** How long it takes to be ready anywhere. */
  readonly slow: number;
  #busy = 0;

  constructor(slow = 0) {
    this.slow = slow;
  }
  get isReady() {
    return this.#busy <= 0;
  }
  play(times: number) {
    this.speed = times;
    this.isPlaying.value = true;
  }
  pause() {
    this.isPlaying.value = false;
  }
  goTo(seconds: number) {
    this.seconds = seconds;
    this.#busy = this.slow;
  }
  mute() {}
  passes(seconds: number) {
    this.#busy -= seconds;
    if (this.isPlaying.value) this.seconds += seconds * this.speed;
  }
}

/** Hands over while time passes, with something happening at some frames; gives what it was like in the moment. */
async function handedOver(from: Played, to: Played, happens: (frame: number) => void = () => {}) {
  let frames = 0;
  let apart = Number.NaN;
  const nextFrame = async () => {
    frames += 1;
    if (frames > 1000) throw new Error('it never comes');
    happens(frames);
    from.passes(REFRESH);
    to.passes(REFRESH);
  };
  await handOver(
    from,
    to,
    () => from.speed,
    nextFrame,
    () => {
      apart = Math.abs(to.seconds - from.seconds);
    },
  );
  return { apart, frames };
}

describe('one screen going on from another', () => {
  it('plays on at the same moment, at the same speed', async () => {
    for (const speed of [1, 2]) {
      const [from, to] = [new Played(), new Played(0.1)];
      from.goTo(7);
      from.play(speed);
      const { apart } = await handedOver(from, to);
      expect(apart).toBeLessThan(0.02 * speed);
      expect([from.isPlaying.value, to.isPlaying.value, to.speed]).toEqual([false, true, speed]);
    }
  });

  it('tries again farther ahead where it was not ready in time', async () => {
    const [from, to] = [new Played(), new Played(1.7)];
    from.play(1);
    expect((await handedOver(from, to)).apart).toBeLessThan(0.02);
    expect(to.isPlaying.value).toBe(true);
  });

  it('stands still at the same place', async () => {
    const [from, to] = [new Played(), new Played(0.3)];
    from.goTo(3.14);
    expect(await handedOver(from, to)).toMatchObject({ apart: 0 });
    expect([to.seconds, to.isPlaying.value]).toEqual([3.14, false]);
  });

  it('follows a person who goes elsewhere or stops it meanwhile', async () => {
    const [from, to] = [new Played(), new Played(0.2)];
    from.play(1);
    const { apart } = await handedOver(from, to, (frame) => {
      if (frame === 5) from.goTo(60);
      if (frame === 9) from.pause();
    });
    expect(apart).toBe(0);
    expect([to.isPlaying.value, Math.floor(to.seconds)]).toEqual([false, 60]);
  });

  it('ends when nobody waits for it any more', async () => {
    const [from, to] = [new Played(), new Played(Number.POSITIVE_INFINITY)];
    await expect(handedOver(from, to)).rejects.toThrow('it never comes');
    expect(to.isPlaying.value).toBe(false);
  });
});
