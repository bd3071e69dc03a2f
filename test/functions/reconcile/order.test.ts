import { describe, expect, it } from 'vitest';
import { readOrder } from '../../../functions/reconcile/order.ts';

const read = (text: string, key = 'Summer in Brittany/beach.montage.yaml', etag = 'e1') => readOrder(key, etag, text);

describe('an order dropped beside clips', () => {
  it('asks for all defaults when it is empty', () => {
    const { request, fault, job } = read('');
    expect(fault).toBeNull();
    expect(request).toMatchObject({
      footageSet: 'Summer in Brittany',
      name: 'beach',
      style: 'dynamic',
      quality: 'standard',
      seed: 1,
    });
    expect(job).toMatch(/^summer-in-brittany-[0-9a-f]{10}$/);
  });

  it('is one job however often it is found, and another when it is changed', () => {
    expect(read('style: mtv').job).toBe(read('style: mtv').job);
    expect(read('style: mtv', undefined, 'e2').job).not.toBe(read('style: mtv').job);
  });

  it('is upscaled as far as it says, and otherwise as is usual', () => {
    expect(read('upscale: {}').request.upscale).toEqual({ scale: 2, model: 'slim', onCpu: false });
    expect(read('upscale: { scale: 4, onCpu: true }').request.upscale).toMatchObject({ scale: 4, onCpu: true });
    expect(read('upscale: null').request.upscale).toBeNull();
    expect(read('quality: master').request).not.toHaveProperty('upscale');
  });

  it('may be called montage.yaml', () => {
    expect(read('seed: 7', 'set/montage.yaml').request).toMatchObject({ footageSet: 'set', seed: 7 });
    expect(read('', 'set/montage.yaml').request).not.toHaveProperty('name');
  });

  it.each([
    ['quality: superb', 'quality'],
    ['colour: red', 'colour'],
    ['- a\n- b', 'object'],
    ['upscale: { scale: 8 }', 'upscale'],
    ['upscale: { model: huge }', 'upscale'],
    ['upscale: thick', 'upscale'],
    ['style: [unclosed', 'YAML'],
    ['music: *song', 'YAML'],
    ['clips: [s/..]', 'clips'],
  ])('is a job that says what is wrong when it is %j', (text, said) => {
    const { fault, request } = read(text);
    expect(fault).toContain('beach.montage.yaml');
    expect(fault).toContain(said);
    expect(fault).not.toContain('\n');
    expect(request.style).toBe('dynamic');
  });
});
