import { parentPort } from 'node:worker_threads';
import { SCENES, type SceneName } from './scenes/all.ts';
import { blank, develop } from './scenes/picture.ts';

/** What a painter's thread is asked for; it answers with the picture's bytes, in the order of the questions. */
export interface PaintRequest {
  scene: SceneName;
  seconds: number;
  frame: number;
}

const picture = blank();

parentPort?.on('message', ({ scene, seconds, frame }: PaintRequest) => {
  picture.fill(0);
  SCENES[scene](picture, seconds);
  const bytes = develop(picture, frame);
  parentPort?.postMessage(bytes, [bytes.buffer as ArrayBuffer]);
});
