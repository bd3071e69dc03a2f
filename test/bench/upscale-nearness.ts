import { join } from 'node:path';
import type { Device } from '../../functions/upscale/devices.ts';
import { loadModel } from '../../functions/upscale/network/models.ts';
import { upscaleVideo } from '../../functions/upscale/video/upscale-video.ts';
import { ffmpeg, input } from '../../shared/media/ffmpeg.ts';
import { probe } from '../../shared/media/probe.ts';
import type { ModelName } from '../../shared/super-resolution.ts';
import { atLeast, say, told } from './figures.ts';

/** Pictures of each film: what the CPU can make larger in a minute. */
const PICTURES = 6;
const MODELS: readonly ModelName[] = ['slim', 'medium'];
const LIMIT = { timeLimitSeconds: 600 };

interface Nearness {
  /** Peak signal-to-noise ratio of luma in dB, and structural similarity (Wang et al. 2004), against the picture as it was. */
  psnr: number;
  ssim: number;
}

/** A table: pictures of films at half their size, made larger by filters and by networks, against what they were. */
export async function nearness(films: readonly string[], device: Device, scratch: string): Promise<void> {
  const scores = new Map<string, Nearness[]>();
  for (const [i, film] of films.entries()) {
    const large = join(scratch, `${i}-large.mkv`);
    const small = join(scratch, `${i}-small.mkv`);
    const { durationSeconds } = await probe(film, { file: film });
    const rate = Math.max(0.05, PICTURES / Math.max(1, durationSeconds));
    const lossless = ['-c:v', 'libx264', '-crf', '0', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p'];
    // A film is soft where it was compressed, or taken out of focus; at half its size it is sharp.
    const graph = `fps=${rate},scale=trunc(iw/8)*4:trunc(ih/8)*4:flags=lanczos,setsar=1,format=yuv420p,setpts=N/25/TB`;
    await ffmpeg(
      [
        '-v',
        'error',
        ...input(film),
        '-an',
        '-sn',
        '-r',
        '25',
        '-vf',
        graph,
        '-frames:v',
        String(PICTURES),
        ...lossless,
        large,
      ],
      LIMIT,
    );
    // Bicubic is what super-resolution is measured by (Timofte et al. 2017, NTIRE).
    await ffmpeg(['-v', 'error', ...input(large), '-vf', 'scale=iw/2:ih/2:flags=bicubic', ...lossless, small], LIMIT);
    for (const filter of ['bicubic', 'lanczos']) {
      const again = join(scratch, `${i}-${filter}.mkv`);
      await ffmpeg(
        ['-v', 'error', ...input(small), '-vf', `scale=iw*2:ih*2:flags=${filter}`, ...lossless, again],
        LIMIT,
      );
      add(scores, filter, await compare(again, large));
    }
    for (const name of MODELS) {
      const again = join(scratch, `${i}-${name}.mkv`);
      const model = await loadModel(name, 2);
      await upscaleVideo({
        ...{ source: small, destination: again, scale: 2 },
        open: (format) => device.open(model, format),
        // High profile has no lossless mode; this is as near as it comes.
        coding: { crf: 1, preset: 'ultrafast' },
      });
      add(scores, name, await compare(again, large));
    }
  }
  const mean = (of: string, value: (score: Nearness) => number) => {
    const all = scores.get(of) ?? [];
    return all.reduce((sum, score) => sum + value(score), 0) / all.length;
  };
  for (const of of scores.keys())
    say(
      told(
        `half size and back by ${of}`,
        `${decibels(mean(of, ({ psnr }) => psnr))}, SSIM ${mean(of, ({ ssim }) => ssim).toFixed(4)}`,
      ),
    );
  const gain = (value: (score: Nearness) => number) => mean('slim', value) - mean('lanczos', value);
  say(
    atLeast(
      'slim above Lanczos',
      gain(({ psnr }) => psnr),
      0,
      decibels,
    ),
    atLeast(
      'slim above Lanczos, SSIM',
      gain(({ ssim }) => ssim),
      0,
      (value) => value.toFixed(4),
    ),
  );
}

const decibels = (value: number) => `${value.toFixed(2)} dB`;

function add(scores: Map<string, Nearness[]>, of: string, score: Nearness): void {
  scores.set(of, [...(scores.get(of) ?? []), score]);
}

/** As ffmpeg's filters say it on their last lines. */
async function compare(one: string, other: string): Promise<Nearness> {
  const values = async (filter: string, pattern: RegExp) => {
    // By their numbers, whatever their times.
    const graph = `[0]setpts=N/25/TB[a];[1]setpts=N/25/TB[b];[a][b]${filter}`;
    const { log } = await ffmpeg(
      ['-v', 'info', ...input(one), ...input(other), '-lavfi', graph, '-f', 'null', '-'],
      LIMIT,
    );
    const value = Number(pattern.exec(log)?.[1]);
    if (Number.isNaN(value)) throw new Error(`ffmpeg says no ${filter}`);
    return value;
  };
  return { psnr: await values('psnr', /PSNR y:([\d.]+)/), ssim: await values('ssim', /SSIM Y:([\d.]+)/) };
}
