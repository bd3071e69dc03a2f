import { createHash } from 'node:crypto';
import { PREVIEW_VERSION } from './preview.ts';
import { type Style, StyleSchema } from './style.ts';

/** The name of a style's preview: SHA-256, in hex, of the style as its schema orders it, and of the version. */
export function previewOf(style: Style): string {
  const shaping = { version: PREVIEW_VERSION, style: StyleSchema.parse(style) };
  return createHash('sha256').update(JSON.stringify(shaping)).digest('hex');
}
