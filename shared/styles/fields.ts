import { closest, distance } from 'fastest-levenshtein';
import { z } from 'zod';
import { alternatives } from '../alternatives.ts';
import { StyleSchema } from '../style.ts';

/** The part of JSON Schema that zod writes for a style. */
interface FieldSchema {
  type?: string;
  enum?: readonly string[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  items?: FieldSchema | false;
  prefixItems?: readonly FieldSchema[];
  properties?: Readonly<Record<string, FieldSchema>>;
  anyOf?: readonly FieldSchema[];
}

let known: FieldSchema | undefined;

/** The whole style's. */
function root(): FieldSchema {
  known ??= z.toJSONSchema(StyleSchema) as FieldSchema;
  return known;
}

/** The schema of a field by its path, or null when a style has no such field. An array's elements are numbered. */
function fieldAt(path: readonly PropertyKey[], schema: FieldSchema = root()): FieldSchema | null {
  const [step, ...rest] = path;
  if (step === undefined) return schema;
  for (const option of schema.anyOf ?? [schema]) {
    const inner =
      option.properties?.[String(step)] ??
      (typeof step === 'number' ? (option.prefixItems?.[step] ?? option.items ?? undefined) : undefined);
    const found = inner ? fieldAt(rest, inner) : null;
    if (found) return found;
  }
  return null;
}

/** Dotted paths of all fields that hold a value, groups left out. */
function fieldPaths(schema: FieldSchema = root(), prefix = ''): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const path = prefix ? `${prefix}.${name}` : name;
    const inner = (field.anyOf ?? [field]).flatMap((option) => fieldPaths(option, path));
    return inner.length === 0 || field.anyOf ? [path, ...inner] : inner;
  });
}

const several = (count: number | undefined, noun: string) => `${count ?? 1} ${noun}${count === 1 ? '' : 's'}`;

/** A field's allowed values in words: "a number from 0 to 3", "slow, medium or fast". */
function inWords(schema: FieldSchema): string {
  if (schema.anyOf) return schema.anyOf.map(inWords).join(', or ');
  if (schema.enum) {
    const names = schema.enum.map(String);
    return alternatives(names);
  }
  const range = `from ${schema.minimum} to ${schema.maximum}`;
  switch (schema.type) {
    case 'number':
      return `a number ${range}`;
    case 'integer':
      return `a whole number ${range}`;
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'null';
    case 'string':
      return schema.pattern
        ? `lower-case letters, digits, - and _, at most 41 characters`
        : `text of ${schema.minLength} to ${several(schema.maxLength, 'character')}`;
    case 'array':
      if (schema.prefixItems) return `a pair of ${schema.prefixItems.map(inWords).join(' and ')}`;
      return `a list of ${schema.minItems} to ${schema.maxItems} values, each ${schema.items ? inWords(schema.items) : 'a value'}`;
    default:
      return `an object with ${Object.keys(schema.properties ?? {}).join(', ')}`;
  }
}

/** What the field at `path` takes, in words, or null when there is no such field. */
export function allowedAt(path: readonly PropertyKey[]): string | null {
  const field = fieldAt(path);
  return field && inWords(field);
}

/** The name among `names` that a person may have meant by `wrong`, as the end of a sentence; empty when none is near. */
export function didYouMean(wrong: string, names: readonly string[]): string {
  if (names.length === 0) return '';
  const near = closest(wrong.toLowerCase(), names);
  return distance(wrong.toLowerCase(), near.toLowerCase()) <= Math.max(2, Math.ceil(wrong.length / 2))
    ? `; did you mean "${near}"?`
    : '';
}

/** As `didYouMean`, among the dotted paths of a style's fields; a bare name is compared with the fields' last parts too. */
export function fieldMeant(wrong: string): string {
  const paths = fieldPaths();
  const sameLastPart = paths.find((path) => path.split('.').at(-1)?.toLowerCase() === wrong.toLowerCase());
  return sameLastPart ? `; did you mean "${sameLastPart}"?` : didYouMean(wrong, paths);
}
