import { describe, expect, it } from 'vitest';
import { described } from '../../../functions/cli/devices.ts';
import type { Device } from '../../../functions/upscale/devices.ts';
import type { Model } from '../../../functions/upscale/network/model.ts';
import { nearest } from '../upscale/video/nearest.ts';

const model = {} as Model;
const running = new AbortController().signal;
const device = (open: Device['open']): Device => ({
  ...{ kind: 'GPU', name: 'A card', precision: 'f16', abilities: ['subgroups', 'driver 1.2'] },
  open,
});
const works = device(async (_model, from) => nearest(from, 2));
const fails = device(() => Promise.reject(new Error('The GPU A card is gone\nat dawn.node')));

describe('a device that is listed', () => {
  it('is told with its speed and abilities', async () => {
    expect(await described(works, model, {}, running)).toMatch(
      /^A card \(GPU\), [\d.]+ (frames a second|s a frame) from 1080p to 4K by the model slim\n {2}subgroups, driver 1\.2\n$/,
    );
    expect(JSON.parse(await described(works, model, { json: true }, running))).toMatchObject({
      name: 'A card',
      framesPerSecond: expect.any(Number),
    });
  });

  it('is told with why it fails where it does, in a sentence, so that the list goes on', async () => {
    expect(await described(fails, model, {}, running)).toBe(
      "A card (GPU), can't be used: The GPU A card is gone\n  subgroups, driver 1.2\n",
    );
    const { fails: reason, framesPerSecond } = JSON.parse(await described(fails, model, { json: true }, running));
    expect([reason, framesPerSecond]).toEqual(['The GPU A card is gone', undefined]);
  });

  it('that never answers is no longer waited for at a Ctrl-C', async () => {
    const stop = new AbortController();
    const telling = described(
      device(() => new Promise<never>(() => {})),
      model,
      {},
      stop.signal,
    );
    stop.abort(new Error('Interrupted'));
    await expect(telling).rejects.toThrow('Interrupted');
  });
});
