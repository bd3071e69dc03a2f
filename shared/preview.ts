import { z } from 'zod';
import { StyleSchema } from './style.ts';

/** Raised when the same style would get another preview: those of older versions are made again, and the demo's clips too. */
export const PREVIEW_VERSION = 2;

/** `_previews/wanted/<preview>.json`. The time makes each wish another object, whose event counts anew. */
export const WantedPreviewSchema = z.object({ style: StyleSchema, at: z.iso.datetime() });
export type WantedPreview = z.infer<typeof WantedPreviewSchema>;

/** How far the preview of a style is. Of those that are `missing` nobody has asked for one. */
const PREVIEW_STATES = ['missing', 'wanted', 'made', 'failed'] as const;
export type PreviewState = (typeof PREVIEW_STATES)[number];

/** The preview of a style, as the API tells of it: its name, and how far it is. */
export const StylePreviewSchema = z.object({
  style: z.string(),
  preview: z.string().regex(/^[0-9a-f]{64}$/),
  state: z.enum(PREVIEW_STATES),
});
export type StylePreview = z.infer<typeof StylePreviewSchema>;
