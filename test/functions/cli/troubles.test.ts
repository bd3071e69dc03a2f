import { describe, expect, it } from 'vitest';
import { Troubles } from '../../../functions/cli/troubles.ts';

const heard = (...entries: Parameters<Troubles['hear']>[0][]) => {
  const troubles = new Troubles();
  for (const entry of entries) troubles.hear(entry);
  return troubles;
};

describe('what makes waiting pointless', () => {
  it('is a full disk, whoever says so', () => {
    const full = expect.stringContaining('The disk is full');
    expect(
      heard({
        severity: 'ERROR',
        message: 'failed',
        fields: { reason: 'The disk of /data is full: free some space and try again' },
      }).sentence(),
    ).toEqual(full);
    expect(
      heard({
        severity: 'ERROR',
        message: 'failed',
        fields: { reason: 'ffmpeg ended with exit code 1: av_interleaved_write_frame(): No space left on device' },
      }).sentence(),
    ).toEqual(full);
  });

  it('is for one object that it was given up on, and nothing to those who wait for something else', () => {
    const fields = { bucket: 'input', key: 'analyze-1/1/clip.mp4' };
    const troubles = heard({ severity: 'ERROR', message: 'gave up on an object', fields });
    expect(troubles.sentence({ bucket: 'input', key: 'analyze-1/1/clip.mp4' })).toContain('clip.mp4');
    expect(troubles.sentence({ bucket: 'input', key: 'analyze-2/1/clip.mp4' })).toBeNull();
    expect(troubles.sentence()).toBeNull();
  });

  it('is nothing that is only tried again', () => {
    expect(
      heard(
        { severity: 'WARN', message: 'failed', fields: { reason: 'The network is away' } },
        { severity: 'INFO', message: 'the disk of x is full' },
      ).sentence(),
    ).toBeNull();
  });
});
