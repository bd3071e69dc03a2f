import { Refusal } from '../refusal.ts';
import { type Style, StyleSchema } from '../style.ts';
import { allowedAt, fieldMeant } from './fields.ts';
import { checkStyle } from './parse.ts';

/** Dotted path → value, as `set` of an order has them. */
export type StyleOverrides = Readonly<Record<string, string | number | boolean | null>>;

type Tree = Record<string, unknown>;

/**
 * A style with single fields set otherwise. Strings, as a command line gives them, become what the field takes:
 * "1.5" a number, "true" a boolean, "warm,cool" or "[[0,0.2],[1,0.9]]" a list.
 *
 * @throws {Refusal} naming the path, and the values it takes, when there is no such field or the value doesn't fit.
 */
export function withOverrides(style: Style, set: StyleOverrides): Style {
  // Single steps may leave the style unfinished (a minimum above the old maximum), so the whole is checked at the end.
  const tree = structuredClone(style) as Tree;
  for (const [path, given] of Object.entries(set)) {
    const steps = path.split('.');
    if (allowedAt(steps) === null) throw new Refusal(`There is no style field "${path}"${fieldMeant(path)}`);
    put(tree, steps, fitting(style, steps, given));
  }
  return checkStyle(tree, `The style ${style.id} can't be set so`);
}

/** The first reading of a given value that the field takes, else the value as it is, for the refusal to show. */
function fitting(style: Style, steps: readonly string[], given: string | number | boolean | null): unknown {
  if (typeof given !== 'string') return given;
  const [fits = given] = readings(given).filter((reading) => takes(style, steps, reading));
  return fits;
}

function readings(text: string): unknown[] {
  const all: unknown[] = [text];
  try {
    all.push(JSON.parse(text));
  } catch {
    // Not JSON: a bare word or a list of them.
  }
  if (text.includes(',')) all.push(text.split(',').map((word) => word.trim()));
  return all;
}

/** Whether the field itself accepts the value, whatever is wrong elsewhere. */
function takes(style: Style, steps: readonly string[], value: unknown): boolean {
  const tree = structuredClone(style) as Tree;
  put(tree, steps, value);
  const issues = StyleSchema.safeParse(tree).error?.issues ?? [];
  return !issues.some((issue) => steps.every((step, i) => issue.path[i] === step));
}

function put(tree: Tree, steps: readonly string[], value: unknown): void {
  const [step = '', ...rest] = steps;
  if (rest.length === 0) {
    tree[step] = value;
    return;
  }
  const inner = tree[step];
  const branch: Tree = inner && typeof inner === 'object' ? (inner as Tree) : {};
  tree[step] = branch;
  put(branch, rest, value);
}
