import type { SceneName } from './scenes/all.ts';

/** A stretch of a scene without a cut. */
interface DemoShot {
  scene: SceneName;
  /** Where in the scene it begins, in whole seconds. */
  from: number;
  seconds: number;
}

/** A file to be made. */
export interface DemoClip {
  name: string;
  framesPerSecond: 25 | 30;
  shots: readonly DemoShot[];
}

/** The clips of the demo. */
export const DEMO_CLIPS: readonly DemoClip[] = [
  { name: 'sunset', framesPerSecond: 25, shots: [{ scene: 'sea', from: 0, seconds: 7 }] },
  { name: 'ridges', framesPerSecond: 25, shots: [{ scene: 'mountains', from: 0, seconds: 6 }] },
  {
    name: 'night-out',
    framesPerSecond: 25,
    shots: [
      { scene: 'city', from: 0, seconds: 4 },
      { scene: 'fireworks', from: 0, seconds: 3 },
    ],
  },
  { name: 'rain', framesPerSecond: 30, shots: [{ scene: 'rain', from: 0, seconds: 6 }] },
  { name: 'aurora', framesPerSecond: 25, shots: [{ scene: 'aurora', from: 0, seconds: 7 }] },
  { name: 'tunnel', framesPerSecond: 25, shots: [{ scene: 'tunnel', from: 0, seconds: 6 }] },
  { name: 'bounce', framesPerSecond: 30, shots: [{ scene: 'bounce', from: 0, seconds: 6 }] },
  {
    name: 'finale',
    framesPerSecond: 25,
    shots: [
      { scene: 'fireworks', from: 3, seconds: 3 },
      { scene: 'city', from: 9, seconds: 3 },
    ],
  },
];

/** What its song is called. */
export const DEMO_SONG = 'first-light.wav';
