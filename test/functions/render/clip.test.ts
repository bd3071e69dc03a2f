import { describe, expect, it } from 'vitest';
import { type Clip, KnownClips, type LookAtClip, lookAtClip } from '../../../functions/render/clip.ts';
import { makeFlat, pieceOf, scratchFolder } from './spec.ts';

describe('looking at a clip', () => {
  it('tells its container, its picture and when the first one shows', async () => {
    await using folder = await scratchFolder();
    const path = await makeFlat(folder.path, 'clip.mkv', [100, 128, 128]);
    const clip = await lookAtClip(pieceOf(path), path);
    expect(clip).toMatchObject({ container: 'matroska,webm', video: { width: 160, height: 96 }, firstSeconds: 0 });
  });

  it('is done once for all pieces of the same content, and again for other content, or when it is to be forgotten', async () => {
    const { look, looks } = counted();
    const clips = new KnownClips(look);
    const first = await clips.look({ ...pieceOf('a.mp4'), etag: 'one' }, 'a.mp4');
    expect(await clips.look({ ...pieceOf('b.mp4'), etag: 'one', sourceFrame: 9 }, 'b.mp4')).toBe(first);
    await clips.look({ ...pieceOf('a.mp4'), etag: 'two' }, 'a.mp4');
    expect(looks).toEqual(['one', 'two']);
    clips.forget();
    await clips.look({ ...pieceOf('a.mp4'), etag: 'two' }, 'a.mp4');
    expect(looks).toEqual(['one', 'two', 'two']);
  });

  it('forgets the clip that was not asked for the longest, and never remembers a failure', async () => {
    const { look, looks } = counted();
    const clips = new KnownClips(look, 2);
    for (const etag of ['one', 'two', 'one', 'three', 'one', 'two']) await clips.look({ ...pieceOf('a'), etag }, 'a');
    expect(looks).toEqual(['one', 'two', 'three', 'two']);
    await expect(clips.look({ ...pieceOf('a'), etag: 'broken' }, 'a')).rejects.toThrow('broken');
    await expect(clips.look({ ...pieceOf('a'), etag: 'broken' }, 'a')).rejects.toThrow('broken');
    expect(looks.filter((etag) => etag === 'broken')).toHaveLength(2);
  });
});

function counted(): { look: LookAtClip; looks: string[] } {
  const looks: string[] = [];
  const look: LookAtClip = async ({ etag }) => {
    looks.push(etag);
    if (etag === 'broken') throw new Error('broken');
    return { container: etag, firstSeconds: 0 } as Clip;
  };
  return { look, looks };
}
