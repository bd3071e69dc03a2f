import { z } from 'zod';
import { ffprobe, input } from '../../../shared/media/ffmpeg.ts';

const TIME_LIMIT_SECONDS = 60;

/**
 * What HDR10 says of a film, where it does: the screen it was graded on (SMPTE ST 2086), its brightest pixel and
 * picture (CTA-861.3).
 */
export interface Hdr10 {
  /** In steps of 0.00002 of CIE 1931 x and y, and of 0.0001 cd/m², as H.265 has them. */
  screen?: {
    red: readonly [x: number, y: number];
    green: readonly [x: number, y: number];
    blue: readonly [x: number, y: number];
    white: readonly [x: number, y: number];
    darkest: number;
    brightest: number;
  };
  /** In cd/m². */
  light?: { pixel: number; picture: number };
}

type SideData = Readonly<Record<string, unknown>>;

/** A number as ffprobe prints it: a fraction. */
const fraction = z.string().transform((printed) => {
  const [numerator = 0, denominator = 0] = printed.split('/').map(Number);
  return denominator === 0 ? 0 : numerator / denominator;
});
const place = fraction.transform((value) => Math.round(value * 50_000));
const luminance = fraction.transform((value) => Math.round(value * 10_000));

const ScreenSchema = z.object({
  ...{ red_x: place, red_y: place, green_x: place, green_y: place, blue_x: place, blue_y: place },
  ...{ white_point_x: place, white_point_y: place, min_luminance: luminance, max_luminance: luminance },
});
const LightSchema = z.object({ max_content: z.number(), max_average: z.number() });
const FramesSchema = z.object({
  frames: z.array(z.object({ side_data_list: z.array(z.record(z.string(), z.unknown())).default([]) })).default([]),
});

/** Some files say it in every key picture, others once for the whole stream. */
export async function hdr10Of(
  source: string,
  stream: { index: number; side_data_list: readonly SideData[] },
  signal?: AbortSignal,
): Promise<Hdr10> {
  const first = ['-select_streams', String(stream.index), '-read_intervals', '%+#8', '-show_frames'];
  const printed = await ffprobe(['-v', 'error', ...first, '-of', 'json', ...input(source, '-threads', '1')], {
    timeLimitSeconds: TIME_LIMIT_SECONDS,
    signal,
  });
  const { frames } = FramesSchema.parse(JSON.parse(printed));
  return hdr10From([...frames.flatMap(({ side_data_list }) => side_data_list), ...stream.side_data_list]);
}

function hdr10From(all: readonly SideData[]): Hdr10 {
  const named = (name: string) => all.find(({ side_data_type }) => side_data_type === name);
  const screen = ScreenSchema.safeParse(named('Mastering display metadata')).data;
  const light = LightSchema.safeParse(named('Content light level metadata')).data;
  return {
    ...(screen && {
      screen: {
        red: [screen.red_x, screen.red_y],
        green: [screen.green_x, screen.green_y],
        blue: [screen.blue_x, screen.blue_y],
        white: [screen.white_point_x, screen.white_point_y],
        darkest: screen.min_luminance,
        brightest: screen.max_luminance,
      },
    }),
    ...(light && { light: { pixel: light.max_content, picture: light.max_average } }),
  };
}
