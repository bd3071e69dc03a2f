import { z } from 'zod';

/** From the fastest to the one that takes sixty times as long at × 2: the networks of ESRGAN at upscalerjs (MIT). */
export const MODEL_NAMES = ['slim', 'medium', 'thick'] as const;
export const ModelNameSchema = z.enum(MODEL_NAMES);
export type ModelName = z.infer<typeof ModelNameSchema>;

export const SCALES = [2, 3, 4, 8] as const;
export const ScaleSchema = z.union(SCALES.map((scale) => z.literal(scale)));
/** How many times as wide and as high a picture becomes. */
export type Scale = z.infer<typeof ScaleSchema>;

/** The scales of a montage: what is made eight times as large is more than players take. */
export const MONTAGE_SCALES = [2, 3, 4] as const;
export const MontageScaleSchema = z.union(MONTAGE_SCALES.map((scale) => z.literal(scale)));
export type MontageScale = z.infer<typeof MontageScaleSchema>;

/** How a montage's pictures are made larger. */
export const UpscaleSchema = z.strictObject({
  scale: MontageScaleSchema.default(2),
  model: ModelNameSchema.default('slim'),
  /** Where there is no GPU, the CPU takes seconds for each frame rather than the job failing. */
  onCpu: z.boolean().default(false),
});
export type Upscale = z.infer<typeof UpscaleSchema>;

/** What a master is made of where nobody said otherwise: a picture of half its size, which is what most footage has. */
export const MASTER_SCALE: MontageScale = 2;

/** Pixels that a picture of a montage may have: what x264 can be given within the memory that an ffmpeg may have. */
export const MOST_MONTAGE_PIXELS = 4096 ** 2;

/** Thousand multiply-adds that each pixel of the small picture takes, once what can be saved is saved. */
export const THOUSAND_MULTIPLY_ADDS: Readonly<Record<ModelName, Readonly<Record<MontageScale, number>>>> = {
  slim: { 2: 73, 3: 82, 4: 364 },
  medium: { 2: 621, 3: 630, 4: 3104 },
  thick: { 2: 7114, 3: 7140, 4: 7162 },
};
