import { InvalidArgumentError } from 'commander';
import type { z } from 'zod';
import { OrderSchema } from '../../shared/request.ts';
import { NewRuleSchema } from '../../shared/rules.ts';
import { NewShareSchema, SHARE_HOURS } from '../../shared/shares.ts';
import {
  MONTAGE_SCALES,
  type MontageScale,
  MontageScaleSchema,
  SCALES,
  type Scale,
  ScaleSchema,
} from '../../shared/super-resolution.ts';

/** What the values of options must be: how they are written is said here, their limits are the request's own. */
const seedSchema = OrderSchema.shape.seed.unwrap();
const durationSchema = OrderSchema.shape.durationSeconds.unwrap();
const titleSchema = OrderSchema.shape.title.unwrap();
const HIGHEST_PORT = 65_535;

const quietMinutesSchema = NewRuleSchema.shape.quietMinutes.unwrap();

export const LIMITS = {
  quietMinutes: `${quietMinutesSchema.minValue} to ${quietMinutesSchema.maxValue}`,
  seed: `${seedSchema.minValue} to ${seedSchema.maxValue}`,
  duration: `${durationSchema.minValue} to ${durationSchema.maxValue} seconds`,
  title: `${titleSchema.maxLength} characters at most`,
  hours: `1 to ${SHARE_HOURS.most}`,
  port: `0 to ${HIGHEST_PORT}`,
} as const;

function checked<T>(schema: z.ZodType<T>, value: T, sentence: string): T {
  if (!schema.safeParse(value).success) throw new InvalidArgumentError(sentence);
  return value;
}

export function seed(text: string): number {
  const sentence = `It must be a whole number, ${LIMITS.seed}.`;
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError(sentence);
  return checked(seedSchema, Number(text), sentence);
}

export function hours(text: string): number {
  return checked(
    NewShareSchema.shape.expiresInHours,
    Number(text || Number.NaN),
    `It must be whole hours, ${LIMITS.hours}.`,
  );
}

export function revision(text: string): number {
  return checked(NewShareSchema.shape.revision.unwrap(), Number(text), 'It must be the number of a version, from 1.');
}

export function scale(text: string): Scale {
  return checked(ScaleSchema, Number(text) as Scale, `It must be one of ${SCALES.join(', ')}.`);
}

export function montageScale(text: string): MontageScale {
  return checked(MontageScaleSchema, Number(text) as MontageScale, `It must be one of ${MONTAGE_SCALES.join(', ')}.`);
}

export function port(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > HIGHEST_PORT)
    throw new InvalidArgumentError(`It must be a whole number, ${LIMITS.port}.`);
  return Number(text);
}

/** `30`, `1:30` or `1:30.5` in seconds; NaN for anything else. */
function clock(text: string): number {
  const [, minutes = '0', clockSeconds, plainSeconds] =
    /^(?:(\d+):([0-5]?\d(?:\.\d+)?)|(\d+(?:\.\d+)?))$/.exec(text) ?? [];
  return Number(minutes) * 60 + Number(clockSeconds ?? plainSeconds);
}

export function duration(text: string): number {
  const seconds = clock(text);
  const sentence = `It must be seconds, like 30, or minutes and seconds, like 1:30; ${LIMITS.duration}.`;
  return checked(durationSchema, seconds, sentence);
}

export function quietMinutes(text: string): number {
  const sentence = `It must be a number of minutes, ${LIMITS.quietMinutes}.`;
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError(sentence);
  return checked(quietMinutesSchema, Number(text), sentence);
}

export function title(text: string): string {
  return checked(titleSchema, text, `It must have ${LIMITS.title}.`);
}

/** One more `field=value` to those before it. */
export function field(text: string, before: Record<string, string> | undefined): Record<string, string> {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (!name || value === undefined) throw new InvalidArgumentError('It must be like pacing.speed=fast.');
  return { ...before, [name]: value };
}

/** One more clip to those before it. */
export function clip(text: string, before: string[] | undefined): string[] {
  return [...(before ?? []), text];
}

/** A part of a clip; without an end, that of the clip. */
export interface Stretch {
  clip: string;
  fromSeconds?: number;
  toSeconds?: number;
}

/** One more `clip=from-to` to those before it. */
export function stretch(text: string, before: Stretch[] | undefined): Stretch[] {
  const [, clip, from = '', to = ''] = /^(.+)=([^=-]*)-([^=-]*)$/s.exec(text) ?? [];
  const ends = { ...(from ? { fromSeconds: clock(from) } : {}), ...(to ? { toSeconds: clock(to) } : {}) };
  const { fromSeconds = 0, toSeconds = Number.POSITIVE_INFINITY } = ends;
  if (!clip || (!from && !to) || !(fromSeconds < toSeconds))
    throw new InvalidArgumentError('It must be like beach.mp4=0:12-0:20, beach.mp4=12- or beach.mp4=-0:20.');
  return [...(before ?? []), { clip, ...ends }];
}
