import type { FootageResult, MusicResult } from '../../shared/analysis.ts';
import type { MusicChoice } from '../../shared/job.ts';
import type { JobRequest } from '../../shared/request.ts';
import type { ClipRef } from '../../shared/timeline.ts';

/** An object of the input or music bucket, as far as choosing needs it. */
export interface Found {
  key: string;
  etag: string;
  lastModified: Date;
}

/** What a choice came to: made, waiting for something (said in words; `until` when that is only for time to pass), or impossible. */
export type Choice<T> = { chosen: T } | { waiting: string; until?: Date } | { fault: string };

const fileOf = (key: string) => key.slice(key.lastIndexOf('/') + 1);
const stem = (key: string) =>
  fileOf(key)
    .replace(/\.[^.]+$/, '')
    .toLowerCase();

/** When nothing new has arrived for long enough, if nothing does until then; null when that is so now. */
function settlesAt(objects: readonly Found[], now: Date, settleSeconds: number): Date | null {
  const latest = Math.max(...objects.map(({ lastModified }) => lastModified.getTime()));
  return now.getTime() - latest >= settleSeconds * 1000 ? null : new Date(latest + settleSeconds * 1000);
}

/**
 * The clips of a job: those that the request names, else the set as it is once nothing new has arrived in it for a while.
 * `found` are the set's clips, in order of key.
 */
export function chooseClips(
  request: JobRequest,
  found: readonly Found[],
  now: Date,
  settleSeconds: number,
): Choice<ClipRef[]> {
  const { footageSet, clips, wishes } = request;
  const unwanted = ({ key }: { key: string }) => wishes[key]?.use === 'never';
  const choose = (of: readonly Found[]): Choice<ClipRef[]> => {
    const chosen = of.filter((object) => !unwanted(object)).map(refOf);
    return chosen.length > 0
      ? { chosen }
      : { fault: 'None of the clips may be used, since each is wished away; allow one of them and order again' };
  };
  const refOf = ({ key, etag }: Found): ClipRef => ({
    file: key.slice(footageSet.length + 1),
    key,
    etag,
  });
  if (clips) {
    const byKey = new Map(found.map((object) => [object.key, object]));
    const missing = clips.find((key) => !byKey.has(key));
    if (missing)
      return {
        fault: `There is no clip ${missing} in the input bucket; add it or leave it out of the request`,
      };
    const until = request.dropped ? settlesAt(found, now, settleSeconds) : null;
    if (until) return { waiting: 'Waiting until the clips are copied', until };
    return choose([...new Set(clips)].sort().map((key) => byKey.get(key) as Found));
  }
  if (found.length === 0) return { waiting: `Waiting for clips in the set ${footageSet}` };
  const until = settlesAt(found, now, settleSeconds);
  if (until) return { waiting: `Waiting until no more clips arrive in the set ${footageSet}`, until };
  return choose(found);
}

export interface TrackFound extends Found {
  /** Null until it has been listened to. */
  analysis: MusicResult | null;
}

/**
 * The song of a job: the one that the request names, else the newest one named like the order, else the one whose length is
 * nearest to what the clips hold. The last needs all clips (null: not looked at yet) and songs analysed: `ask` names the songs
 * that aren't; it is empty when only clips are.
 */
export function chooseMusic(
  request: JobRequest,
  tracks: readonly TrackFound[],
  clips: readonly (FootageResult | null)[],
  now: Date,
  settleSeconds: number,
): Choice<MusicChoice> | { ask: TrackFound[] } {
  const choice = (track: Found, ...notes: string[]) => ({
    chosen: { file: fileOf(track.key), key: track.key, etag: track.etag, notes },
  });
  const newest = (some: readonly TrackFound[]) =>
    some.toSorted((a, b) => b.lastModified.getTime() - a.lastModified.getTime())[0];
  const wanted = request.music;
  if (wanted) {
    const named =
      tracks.find(({ key }) => key === wanted) ??
      newest(tracks.filter(({ key }) => key.toLowerCase().includes(wanted.toLowerCase())));
    if (!named) return { fault: `There is no song named ${wanted} in the music bucket; add it or name another` };
    const until = request.dropped ? settlesAt([named], now, settleSeconds) : null;
    if (until) return { waiting: 'Waiting until the song is copied', until };
    return choice(named);
  }
  if (tracks.length === 0) return { waiting: 'Waiting for a song in the music bucket' };
  const until = settlesAt(tracks, now, settleSeconds);
  if (until) return { waiting: 'Waiting until no more songs arrive', until };
  const alike = request.name
    ? newest(tracks.filter(({ key }) => stem(key) === request.name?.toLowerCase()))
    : undefined;
  if (alike) return choice(alike, `The song is ${fileOf(alike.key)}, because the request is named like it.`);
  const [only] = tracks;
  if (tracks.length === 1 && only) return choice(only, `The song is ${fileOf(only.key)}, the only one there is.`);
  const unheard = tracks.filter(({ analysis }) => !analysis);
  if (unheard.length > 0 || clips.includes(null)) return { ask: unheard };
  const usable = tracks.flatMap((track) =>
    track.analysis?.kind === 'music' ? [{ track, seconds: track.analysis.durationSeconds }] : [],
  );
  if (usable.length === 0)
    return {
      fault: 'None of the songs in the music bucket can be used; add another',
    };
  const footageSeconds = clips.reduce((sum, clip) => sum + (clip?.kind === 'footage' ? clip.durationSeconds : 0), 0);
  const [best] = usable.toSorted((a, b) => Math.abs(a.seconds - footageSeconds) - Math.abs(b.seconds - footageSeconds));
  const { track } = best as (typeof usable)[number];
  return choice(track, `The song is ${fileOf(track.key)}, whose length is nearest to that of the clips.`);
}
