/**
 * Woken when the preview of a style is asked for: makes it, the whole way from clips and song to a film in small.
 *
 * It does by itself, with the very code of those functions, what a job has analyze, plan, render and assemble do. As a job it would be
 * one that lists, hooks, the terminal and the fair shares of others all have to be told to overlook, and a hundred events for a film of
 * eight seconds; so it is one short piece of work, known to nobody but the cards that show it.
 */
import { constants, setPriority } from 'node:os';
import type { ObjectRef } from '../../shared/events.ts';
import { KnownClips, lookAtClip } from '../render/clip.ts';
import { wokenBy } from '../woken.ts';
import { filmPreview, planPreview } from './film.ts';
import { findMaterial } from './material.ts';
import { takePreview } from './take.ts';

const clips = new KnownClips(lookAtClip);
// On a machine that does other things too, they go first; ffmpeg and painters take after it.
setPriority(constants.priority.PRIORITY_LOW);

wokenBy('preview', async (object, { store, scratch }) => {
  await takePreview(store, object as ObjectRef, async (style, signal) => {
    const material = await findMaterial(store, await scratch(), signal);
    const timeline = planPreview(style, material);
    return filmPreview(store, timeline, { scratch: await scratch(), look: clips.look, signal });
  });
});
