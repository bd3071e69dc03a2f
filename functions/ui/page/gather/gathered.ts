import { computed, signal } from '@preact/signals';
import type { Clip, Song } from '../../../../shared/api/library.ts';
import { planned } from '../make/timeline-shown.ts';
import { watched } from '../make/watching.ts';
import { type Entry, entriesOf } from './entries.ts';
import { clips, setName, songs } from './library.ts';
import { uploads } from './uploading.ts';

/** The clips of the set, on their way or there. */
export const clipEntries = computed<Entry<Clip>[]>(() =>
  entriesOf(
    uploads.value.filter(({ bucket, set }) => bucket === 'input' && set === setName.value),
    clips.value,
  ),
);

/** All songs, on their way or there. */
export const songEntries = computed<Entry<Song>[]>(() =>
  entriesOf(
    uploads.value.filter(({ bucket }) => bucket === 'music'),
    songs.value,
  ),
);

/** Clips that are to be left out of the next montage. */
export const leftOut = signal<ReadonlySet<string>>(new Set());

/** Leaves a clip out, or takes it in again. */
export function leaveOut(id: string, out: boolean): void {
  const ids = new Set(leftOut.value);
  if (out) ids.add(id);
  else ids.delete(id);
  leftOut.value = ids;
}

/** The clips that the next montage is made of. */
export const clipsWanted = computed(() => clipEntries.value.filter(({ id }) => !leftOut.value.has(id)));

/** What a person chose among the songs: one, or none by name. Null while they have not chosen. */
export const songChosen = signal<string | 'best' | null>(null);

/** The song of the next montage; null is the one that fits best. What was dropped last goes first, then that of the montage shown, then an only one. */
export const songWanted = computed<Entry<Song> | null>(() => {
  const all = songEntries.value;
  if (songChosen.value === 'best') return null;
  const chosen = all.find(({ id }) => id === songChosen.value);
  const dropped = all.findLast(({ upload }) => upload !== null);
  const shown = watched.value ? planned.value : null;
  const played = shown?.job === watched.value?.job && all.find(({ key }) => key === shown?.timeline.music.key);
  return chosen ?? dropped ?? (played || null) ?? (all.length === 1 ? (all[0] ?? null) : null);
});

/** The clip that a person chose to look at; null while they have not. */
export const clipChosen = signal<string | null>(null);
/** The clip on the stage while nothing is made: the chosen one, else the first. */
export const clipOnStage = computed(
  () => clipEntries.value.find(({ id }) => id === clipChosen.value) ?? clipEntries.value[0] ?? null,
);
