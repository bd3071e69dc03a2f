import { z } from 'zod';
import { type Style, StyleSchema } from '../../../../shared/style.ts';
import type { StyleOverrides } from '../../../../shared/styles/overrides.ts';

type Value = StyleOverrides[string];

/** What a field takes. */
type Takes =
  | { kind: 'one of'; names: readonly string[] }
  | { kind: 'number'; least: number; most: number; isWhole: boolean }
  | { kind: 'yes or no' };

/** One thing of a style that can be set another way. */
export interface StyleField {
  /** As in an order's `set`: `pacing.speed`. */
  readonly path: string;
  readonly takes: Takes;
}

export type StyleGroup = 'pacing' | 'shots' | 'transitions' | 'look' | 'sound';

let known: Readonly<Record<StyleGroup, readonly StyleField[]>> | undefined;

/** Everything that a style sets, group by group, with its limits from the schema. */
export function styleFields(): Readonly<Record<StyleGroup, readonly StyleField[]>> {
  known ??= fieldsOf(StyleSchema.shape);
  return known;
}

const fieldsOf = ({ pacing, arc, shots, transitions, look, sound }: typeof StyleSchema.shape) => ({
  pacing: [...fieldsAt('pacing', pacing), ...fieldsAt('arc', arc)],
  shots: fieldsAt('shots', shots),
  transitions: fieldsAt('transitions', transitions),
  look: fieldsAt('look', look),
  sound: fieldsAt('sound', sound),
});

const all = () => Object.values(styleFields()).flat();

function fieldsAt(path: string, schema: unknown): StyleField[] {
  if (schema instanceof z.ZodObject)
    return Object.entries(schema.shape).flatMap(([name, field]) => fieldsAt(`${path}.${name}`, field));
  if (schema instanceof z.ZodNullable) return fieldsAt(path, schema.unwrap());
  // A list or own points can't be made here; a name can be chosen instead.
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => fieldsAt(path, option));
  if (schema instanceof z.ZodEnum) return [{ path, takes: { kind: 'one of', names: schema.options.map(String) } }];
  if (schema instanceof z.ZodBoolean) return [{ path, takes: { kind: 'yes or no' } }];
  if (schema instanceof z.ZodNumber) {
    const { minValue, maxValue, format } = schema;
    return [{ path, takes: { kind: 'number', least: minValue ?? 0, most: maxValue ?? 0, isWhole: format !== null } }];
  }
  return [];
}

/** What a style has at a path: null where it leaves it open; a list as an order's `set` has it, in JSON. */
export function valueAt(style: Style, path: string): Value {
  const value = path
    .split('.')
    .reduce<unknown>((inner, step) => (inner as Readonly<Record<string, unknown>> | null)?.[step] ?? null, style);
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : (value as Value);
}

/** What has to be set another way in one style for it to be the other. */
export function differences(from: Style, to: Style): StyleOverrides {
  if (from.pacing.beatsPerCut && !to.pacing.beatsPerCut)
    return {
      ...differences(from, { ...to, pacing: { ...to.pacing, beatsPerCut: from.pacing.beatsPerCut } }),
      [BOUNDS]: null,
    };
  return Object.fromEntries(
    all().flatMap(({ path }) => {
      const value = valueAt(to, path);
      return value === valueAt(from, path) ? [] : [[path, value]];
    }),
  );
}

/** What is set otherwise, with one field as wanted; what is as the style has it isn't set. Of bounds that it has none of, both are. */
export function withField(set: StyleOverrides, style: Style, path: string, value: Value): StyleOverrides {
  const bounds = style.pacing.beatsPerCut === null && path.startsWith(`${BOUNDS}.`) ? openBounds() : {};
  const all = { ...bounds, ...set, [path]: value };
  return Object.fromEntries(Object.entries(all).filter(([at, each]) => each !== valueAt(style, at)));
}

const BOUNDS = 'pacing.beatsPerCut';

function openBounds(): StyleOverrides {
  return Object.fromEntries(
    all().flatMap(({ path, takes }) =>
      takes.kind === 'number' && path.startsWith(`${BOUNDS}.`)
        ? [[path, path.endsWith('.min') ? takes.least : takes.most]]
        : [],
    ),
  );
}

/** Whether the same fields are set to the same. */
export function isSameSet(one: StyleOverrides, other: StyleOverrides): boolean {
  const paths = Object.keys(one);
  return (
    paths.length === Object.keys(other).length && paths.every((path) => path in other && one[path] === other[path])
  );
}
