import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Container } from './container.ts';
import { imageSkipReason } from './machine.ts';
import { type MountedImage, mountImage } from './mounted-image.ts';

const missing = imageSkipReason();
const unless = missing ? ` (skipped: ${missing})` : '';
const BUILD_MS = 30 * 60_000;

describe.skipIf(missing)(`the image for GPU nodes${unless}`, { timeout: 300_000 }, () => {
  let image: MountedImage;
  beforeAll(async () => {
    image = await mountImage({ arch: 'amd64', target: 'gpu' });
  }, BUILD_MS);
  afterAll(() => image?.[Symbol.asyncDispose](), 60_000);

  it('asks NVIDIA’s runtime for the GPU and its Vulkan driver', () => {
    expect(image.config.Env).toContain('NVIDIA_VISIBLE_DEVICES=all');
    expect(image.config.Env).toContain('NVIDIA_DRIVER_CAPABILITIES=compute,graphics,utility');
  });

  it('has the loader that looks for the driver, and finds none here', async () => {
    const command = ['sh', '-c', 'ffmpeg -hide_banner -init_hw_device vulkan 2>&1; sleep 60'];
    await using container = await Container.start(image, { command });
    await expect.poll(() => container.said, { timeout: 30_000 }).toContain('VK_ERROR_INCOMPATIBLE_DRIVER');
  });
});
