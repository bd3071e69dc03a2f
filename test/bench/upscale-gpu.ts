import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Device } from '../../functions/upscale/devices.ts';
import { shapeOf } from '../../functions/upscale/gpu/convolution-shape.ts';
import { bytesOfPixel } from '../../functions/upscale/gpu/plan.ts';
import type { Model } from '../../functions/upscale/network/model.ts';
import { loadModel, modelPath } from '../../functions/upscale/network/models.ts';
import { multiplyAdds } from '../../functions/upscale/network/network.ts';
import { bytesOf } from '../../functions/upscale/picture-format.ts';
import { upscaleVideo } from '../../functions/upscale/video/upscale-video.ts';
import { ffmpeg, input } from '../../shared/media/ffmpeg.ts';
import { asRatio, atLeast, say, seconds, told } from './figures.ts';

const FULL_HD = { width: 1920, height: 1080, bits: 8, matrix: 'bt709', range: 'limited' } as const;
const MODELS = ['slim', 'medium'] as const;
const MEASURED_SECONDS = 3;
const LEAST_TO_TORCH = 1;
const LEAST_END_TO_END = 60;
const CODING = { crf: 17, preset: 'veryfast' } as const;

const perSecond = (value: number) => `${value.toFixed(1)} /s`;
const NOT_MEASURED = 'not measured';

/** Frames a second from 1080p to 4K, against PyTorch on the same GPU. */
export async function networkFigures(device: Device | undefined): Promise<void> {
  for (const name of MODELS) {
    const [frames, ratio] = [`${name} on the GPU, 1080p to 4K`, `${name} ÷ torch.compile in 16 bits`];
    if (!device) {
      say(told(frames, NOT_MEASURED), told(ratio, NOT_MEASURED));
      continue;
    }
    const ours = await framesPerSecond(device, await loadModel(name, 2));
    say(told(frames, perSecond(ours)));
    const torch = await torchFrames(modelPath(name, 2));
    if (typeof torch === 'string') say(told(ratio, torch));
    else
      say(
        told(`${name} in PyTorch, eager`, perSecond(torch.eager)),
        told(`${name} in PyTorch, compiled`, perSecond(torch.compiled)),
      );
    if (typeof torch !== 'string') say(atLeast(ratio, ours / torch.compiled, LEAST_TO_TORCH, asRatio));
  }
}

/** The same with decoding and encoding. */
export async function filmFigures(device: Device | undefined, film: string, scratch: string): Promise<void> {
  const endToEnd = 'slim, decoded and encoded, 1080p to 4K';
  if (!device) return say(told(endToEnd, NOT_MEASURED));
  const model = await loadModel('slim', 2);
  let frames = 0;
  const destination = join(scratch, 'large.mp4');
  const took = await seconds(async () => {
    const open = (format: Parameters<Device['open']>[1]) => device.open(model, format);
    ({ frames } = await upscaleVideo({ source: film, destination, scale: 2, open, coding: CODING }));
  });
  say(atLeast(endToEnd, frames / took, LEAST_END_TO_END, perSecond));
  // What bounds it where the GPU doesn't.
  const encoding = ['-c:v', 'libx264', '-crf', String(CODING.crf), '-preset', CODING.preset];
  const byFfmpeg = ['-v', 'error', ...input(film), '-vf', 'scale=2*iw:2*ih:flags=bicubic', ...encoding, destination];
  const tookBicubic = await seconds(() => ffmpeg(byFfmpeg, { timeLimitSeconds: 600 }));
  say(told('the same with ffmpeg’s bicubic instead', perSecond(frames / tookBicubic)));
}

async function framesPerSecond(device: Device, model: Model): Promise<number> {
  await using upscaler = await device.open(model, FULL_HD);
  const pictures = Array.from({ length: upscaler.atOnce }, (_, i) =>
    new Uint8Array(bytesOf(FULL_HD)).fill(60 + 40 * i),
  );
  await Promise.all(pictures.map((picture) => upscaler.upscale(picture)));
  const begun = performance.now();
  const until = begun + MEASURED_SECONDS * 1000;
  let frames = 0;
  await Promise.all(
    pictures.map(async (picture) => {
      while (performance.now() < until) {
        await upscaler.upscale(picture);
        frames++;
      }
    }),
  );
  return (frames * 1000) / (performance.now() - begun);
}

const TorchSchema = z.object({ device: z.string(), eager: z.number(), compiled: z.number() });

/** Frames a second in PyTorch, or why that isn't known. */
async function torchFrames(model: string): Promise<z.infer<typeof TorchSchema> | string> {
  const python = process.env.MONTAGE_PYTHON ?? 'python3';
  const script = new URL('upscale-torch.py', import.meta.url).pathname;
  try {
    const { stdout } = await promisify(execFile)(python, [script, model, '1920', '1080']);
    return TorchSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  } catch {
    return 'no PyTorch';
  }
}

/** NVIDIA Jetson AGX Orin 32 GB: its GPU's peak in 16 bits without tensor cores, and its memory. */
const ORIN = { name: 'Jetson AGX Orin', flops: 5.3e12, bytesPerSecond: 204e9 };
/** Of a GPU's peak, what good matrix products of this size reach. */
const REACHED = 0.5;
/** A clip of ten seconds took the old system twenty minutes. */
const CLIP_FRAMES = 300;

/** What a Jetson should give, from counts: nobody has measured it. */
export async function onPaper(): Promise<void> {
  for (const name of MODELS) {
    const { network } = await loadModel(name, 2);
    const pixels = FULL_HD.width * FULL_HD.height;
    const flop = 2 * multiplyAdds(network) * pixels;
    const channels = network.convolutions.reduce((sum, convolution) => {
      const { reads, outputs, plus } = shapeOf(convolution, network);
      return sum + 4 * reads.reduce((all, { quads }) => all + quads, outputs * (1 + plus));
    }, 0);
    const bytes = 2 * channels * pixels;
    const secondsAFrame = Math.max(flop / (ORIN.flops * REACHED), bytes / ORIN.bytesPerSecond);
    say(
      told(`${name}: memory of feature maps`, `${((bytesOfPixel(network, 'f16') * pixels) / 1e9).toFixed(1)} GB`),
      told(`${name}: a frame's work and traffic`, `${(flop / 1e12).toFixed(2)} TFLOP, ${(bytes / 1e9).toFixed(1)} GB`),
      told(`${name}, ${ORIN.name}, on paper`, perSecond(1 / secondsAFrame)),
      told(
        `${name}, clip of ${CLIP_FRAMES / 30} s there, before 20 min`,
        `${Math.round(CLIP_FRAMES * secondsAFrame)} s`,
      ),
    );
  }
}
