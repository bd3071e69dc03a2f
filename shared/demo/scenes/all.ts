import { aurora } from './aurora.ts';
import { bounce } from './bounce.ts';
import { city } from './city.ts';
import { fireworks } from './fireworks.ts';
import { mountains } from './mountains.ts';
import type { Scene } from './picture.ts';
import { rain } from './rain.ts';
import { sea } from './sea.ts';
import { tunnel } from './tunnel.ts';

/** The demo's scenes by name. */
export const SCENES = { aurora, bounce, city, fireworks, mountains, rain, sea, tunnel } satisfies Record<string, Scene>;
export type SceneName = keyof typeof SCENES;
