import type { Style } from '../../shared/style.ts';
import { clash } from './choice.ts';
import { bestMoment } from './moments.ts';
import type { Take } from './takes.ts';

const KEPT = 3;
/** Takes looked at for each cut, those with the best moments first. */
const LOOKED_AT = 16;

export interface Scene {
  /** Index of the take. */
  take: number;
  /** Source frames used, handles included. */
  fromFrame: number;
  toFrame: number;
  /** Frames before the first one shown. */
  before: number;
  tension: number;
}

export interface Alternative {
  take: number;
  /** First shown frame. */
  sourceFrame: number;
  score: number;
}

/** The three next best moments for each scene that no scene uses and that aren't from a neighbour's clip when others are. */
export function alternativesFor(
  scenes: readonly Scene[],
  takes: readonly Take[],
  shots: Style['shots'],
): Alternative[][] {
  const freeOf = freeStretches(scenes, takes);
  const free = takes.flatMap((take, index) => (freeOf[index] ?? []).map((stretch) => ({ take, index, stretch })));
  return scenes.map((scene, i) => {
    const frames = scene.toFrame - scene.fromFrame;
    const around = [scenes[i - 1], scenes[i + 1]].map((neighbour) => (neighbour ? takes[neighbour.take] : undefined));
    const offers = free
      .filter(({ stretch: [from, to] }) => to - from >= frames)
      .map((offer) => ({ ...offer, rough: roughWorth(offer.take, offer.stretch, scene.tension, shots) }))
      .sort((a, b) => b.rough - a.rough)
      .slice(0, LOOKED_AT)
      .flatMap(({ take, index, stretch: [from, to] }) => {
        const moment = bestMoment(take, frames, scene.tension, shots, from, to);
        if (!moment) return [];
        const score = moment.worth - clashAround(around[0], take, around[1], shots);
        const beside = around.some((neighbour) => neighbour?.clip === take.clip);
        return [{ take: index, sourceFrame: moment.startFrame + scene.before, score, beside }];
      });
    return offers
      .sort((a, b) => Number(a.beside) - Number(b.beside) || b.score - a.score)
      .slice(0, KEPT)
      .map(({ take, sourceFrame, score }) => ({ take, sourceFrame, score }));
  });
}

/** What a take loses between two neighbours, either of which may be missing. */
export function clashAround(
  before: Take | undefined,
  take: Take,
  after: Take | undefined,
  shots: Style['shots'],
): number {
  return (before ? clash(before, take, shots) : 0) + (after ? clash(take, after, shots) : 0);
}

function roughWorth(take: Take, [from, to]: readonly [number, number], tension: number, shots: Style['shots']): number {
  return bestMoment(take, to - from, tension, shots, from, to)?.worth ?? 0;
}

/** For each take the stretches that no scene uses. */
function freeStretches(scenes: readonly Scene[], takes: readonly Take[]): [number, number][][] {
  const used: Scene[][] = takes.map(() => []);
  for (const scene of scenes) used[scene.take]?.push(scene);
  return takes.map((take, index) => {
    const stretches: [number, number][] = [];
    let from = take.startFrame;
    for (const scene of (used[index] ?? []).sort((a, b) => a.fromFrame - b.fromFrame)) {
      if (scene.fromFrame > from) stretches.push([from, scene.fromFrame]);
      from = scene.toFrame;
    }
    if (take.endFrame > from) stretches.push([from, take.endFrame]);
    return stretches;
  });
}
