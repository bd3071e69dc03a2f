import { describe, expect, it } from 'vitest';
import { faultsOf } from '../../../functions/assemble/inspect.ts';
import { secondsAt } from '../../../shared/frame-rate.ts';
import { HEIGHT, timelineOf, WIDTH } from './material.ts';

const rate = '24000/1001';
const timeline = timelineOf({ rate, cuts: [{ frames: 48 }] });
const duration = secondsAt(48, rate);
const video = {
  ...{ codec_type: 'video', codec_name: 'h264', start_time: 0, duration, width: WIDTH, height: HEIGHT },
  avg_frame_rate: rate,
};
const audio = { codec_type: 'audio', codec_name: 'aac', start_time: 0, duration, avg_frame_rate: '0/0' };
const packets = Array.from({ length: 48 }, (_, n) => ({
  pts_time: Number(secondsAt(n, rate).toFixed(6)),
  dts_time: Number(secondsAt(n - 2, rate).toFixed(6)),
}));
const good = { streams: [video, audio], packets };

describe('the inspection of a finished montage', () => {
  it('finds nothing in one that is as planned', () => {
    expect(faultsOf(good, timeline)).toEqual([]);
  });

  it.each([
    ['a missing sound', { ...good, streams: [video] }, /the streams video, not video, audio/],
    ['a missing picture', { ...good, packets: packets.slice(0, 47) }, /47 pictures, not 48/],
    ['another size', { ...good, streams: [{ ...video, width: 162 }, audio] }, /162×96, not 160×96/],
    ['another rate', { ...good, streams: [{ ...video, avg_frame_rate: '24/1' }, audio] }, /rate is 24\/1/],
    ['another codec', { ...good, streams: [video, { ...audio, codec_name: 'mp3' }] }, /h264 and mp3/],
    [
      'sound that starts late',
      { ...good, streams: [video, { ...audio, start_time: 0.021 }] },
      /sound starts at 0.021 s/,
    ],
    ['sound that is too short', { ...good, streams: [video, { ...audio, duration: 1.9 }] }, /sound lasts 1.9 s/],
    [
      'a picture at the wrong time',
      { ...good, packets: packets.map((packet, n) => (n === 30 ? { ...packet, pts_time: 1.26 } : packet)) },
      /picture 30 is shown at 1.26 s/,
    ],
    [
      'decode times that go back',
      { ...good, packets: packets.map((packet, n) => (n === 7 ? { ...packet, dts_time: 0 } : packet)) },
      /decode times go back at packet 7/,
    ],
  ])('names %s', (_what, found, fault) => {
    expect(faultsOf(found, timeline).join('; ')).toMatch(fault);
  });
});
