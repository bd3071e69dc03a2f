import type { z } from 'zod';
import { Refusal } from '../refusal.ts';
import { type Style, StyleSchema } from '../style.ts';
import { allowedAt, fieldMeant } from './fields.ts';

/**
 * Reads a style from the text of its JSON file. `name` is the file's name, for the sentence of a refusal.
 *
 * @throws {Refusal} naming the path of the first wrong field and the values it takes.
 */
export function parseStyle(text: string, name: string): Style {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Refusal(`The style ${name} is not JSON: ${error instanceof Error ? error.message : error}`);
  }
  return checkStyle(value, `The style ${name} can't be used`);
}

/** @throws {Refusal} that starts with `trouble` and names the path of the first wrong field and the values it takes. */
export function checkStyle(value: unknown, trouble: string): Style {
  const parsed = StyleSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Refusal(`${trouble}: ${issue ? sentenceOfIssue(issue, value) : 'it is no style'}`);
}

function sentenceOfIssue(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const path = [...issue.path, issue.keys[0] ?? ''].join('.');
    return `there is no style field "${path}"${fieldMeant(path)}`;
  }
  if (issue.code === 'custom') return `${issue.path.join('.') || 'the style'}: ${issue.message}`;
  // A union's own issue is at the field; deeper ones say which part of it is wrong, but not what else would do.
  const path = issue.path;
  const allowed = allowedAt(path) ?? issue.message;
  const given = valueAt(value, path);
  if (path.length === 0) return `a style is ${allowed}`;
  return given === undefined
    ? `${path.join('.')} is missing, it takes ${allowed}`
    : `${path.join('.')} can't be ${JSON.stringify(given)}, it takes ${allowed}`;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner && typeof inner === 'object' ? (inner as Record<PropertyKey, unknown>)[step] : undefined),
    value,
  );
}
