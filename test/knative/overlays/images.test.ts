import { describe, expect, it } from 'vitest';
import { renderedWithImages, rendererMissing } from '../rendered.ts';

const IMAGES = [
  { name: 'ghcr.io/montage-ai/functions', newName: 'dev.local/montage-functions', newTag: '7' },
  { name: 'ghcr.io/montage-ai/upscale', newName: 'registry.lan:5000/montage/upscale', newTag: '8' },
];

describe.skipIf(rendererMissing)(
  `an operator’s own images${rendererMissing ? ` (skipped: ${rendererMissing})` : ''}`,
  () => {
    // Where they are named, and what is applied.
    it.each([
      ['k3s', 'k3s'],
      ['k3s', 'kafka'],
      ['k3s', 'burst'],
      ['burst', 'burst'],
    ])('named in %s are what every function runs that %s applies', async (where, overlay) => {
      const { pods } = await renderedWithImages(overlay, { in: where, images: IMAGES });
      for (const { name, spec } of pods.filter(({ name }) => name !== 'minio')) {
        const own = name.startsWith('upscale')
          ? 'registry.lan:5000/montage/upscale:8'
          : 'dev.local/montage-functions:7';
        expect(spec.containers[0].image, name).toBe(own);
      }
      const upscaling = pods.filter(({ name }) => name.startsWith('upscale')).map(({ name }) => name);
      expect(upscaling).toEqual(overlay === 'burst' ? ['upscale', 'upscale-cloud'] : ['upscale']);
    });
  },
);
