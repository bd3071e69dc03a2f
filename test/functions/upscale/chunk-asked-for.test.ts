import { describe, expect, it } from 'vitest';
import { chunkAskedFor } from '../../../functions/upscale/chunk-asked-for.ts';
import { type ChunkSpec, UPSCALER_VERSION } from '../../../shared/chunks.ts';
import { Refusal } from '../../../shared/refusal.ts';
import { chunkHash } from '../../../shared/segment-hash.ts';

const spec: ChunkSpec = {
  upscalerVersion: UPSCALER_VERSION,
  segment: 'a'.repeat(64),
  fromFrame: 3,
  frames: 5,
  upscale: { scale: 2, model: 'slim', onCpu: true },
  width: 320,
  height: 180,
  frameRate: '30000/1001',
  crf: 16,
  preset: 'slow',
  grain: [{ frames: 5, level: 4 }],
};
/** Asks as `reconcile` does: by the name that follows from the content, through JSON. */
const asked = (changes: object, name?: string) => {
  const body = { ...spec, ...changes };
  return chunkAskedFor(JSON.parse(JSON.stringify(body)), name ?? chunkHash(body as ChunkSpec));
};
const thrownBy = (asking: () => unknown): unknown => {
  try {
    return asking();
  } catch (error) {
    return error;
  }
};

describe('the chunk that a request asks for', () => {
  it('is what its content describes, by whatever it may be computed', () => {
    expect(asked({})).toEqual(spec);
    expect(asked({ upscale: { ...spec.upscale, onCpu: false } })?.upscale.onCpu).toBe(false);
  });

  it('is left to pods of its own version where that is a later one, by an error that has it delivered again', () => {
    const error = thrownBy(() => asked({ upscalerVersion: UPSCALER_VERSION + 1, sharpness: 2 }));
    expect(error).not.toBeInstanceOf(Refusal);
    expect((error as Error).message).toBe(
      `This upscale makes chunks of version ${UPSCALER_VERSION} and was asked for one of version ${UPSCALER_VERSION + 1}: update upscale to the version of the other functions`,
    );
  });

  it('is nobody’s where that is an earlier one, which fails no job', () => {
    expect(asked({ upscalerVersion: UPSCALER_VERSION - 1 })).toBeNull();
  });

  it('is refused where its name isn’t that of its content', () => {
    const asking = () => asked({}, chunkHash({ ...spec, crf: 17 }));
    expect(asking).toThrow(Refusal);
    expect(asking).toThrow(/describes another one, [0-9a-f]{64}: retry the job/);
  });

  it.each([
    ['what nobody here knows', { sharpness: 2 }, 'Unrecognized key: "sharpness"'],
    ['sizes that are no whole times the small ones', { width: 321, height: 181 }, 'is whole times as wide'],
    ['no version', { upscalerVersion: undefined }, 'upscalerVersion'],
  ])('is refused where its content has %s', (_what, changes, says) => {
    const error = thrownBy(() => asked(changes));
    expect(error).toBeInstanceOf(Refusal);
    expect((error as Error).message).toContain(says);
  });
});
