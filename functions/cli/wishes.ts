import { relative, resolve } from 'node:path';
import type { ClipWish } from '../../shared/request.ts';
import { WrongUse } from './exit.ts';
import type { NamedClip, NamedFootage } from './footage.ts';
import type { Stretch } from './values.ts';

/** What a person wants of single clips, as it was typed: a clip is named by its path or by the end of it. */
export interface TypedWishes {
  must?: string[];
  never?: string[];
  only?: Stretch[];
}

export interface Wished {
  /** Without the clips that are never to be used: nobody needs to bring them in. */
  footage: NamedFootage;
  /** By the clips' names in the set. */
  wishes: Map<string, Partial<ClipWish>>;
}

/** @throws {WrongUse} when a name is none or several of the clips, when one clip is wanted and not wanted, or no clip is left. */
export function wishedFootage(typed: TypedWishes, footage: NamedFootage): Wished {
  const nameOf = (option: string, text: string) => clipNamed(text, footage.clips, option).name;
  const never = new Set((typed.never ?? []).map((text) => nameOf('--never', text)));
  const wishes: Wished['wishes'] = new Map();
  const wish = (name: string, text: string, wanted: Partial<ClipWish>) => {
    if (never.has(name)) throw new WrongUse(`${text} is named with --never too; take one of the two away`);
    wishes.set(name, { ...wishes.get(name), ...wanted });
  };
  for (const text of typed.must ?? []) wish(nameOf('--must', text), text, { use: 'must' });
  for (const { clip, ...stretch } of typed.only ?? []) wish(nameOf('--only', clip), clip, stretch);
  const clips = footage.clips.filter(({ name }) => !never.has(name));
  if (clips.length === 0) throw new WrongUse('All clips are named with --never; leave one of them');
  return { footage: { ...footage, clips }, wishes };
}

function clipNamed(text: string, clips: readonly NamedClip[], option: string): NamedClip {
  const path = resolve(text);
  const exact = clips.find((clip) => clip.path === path || clip.name === text);
  if (exact) return exact;
  const ending = clips.filter((clip) => clip.name.endsWith(`/${text}`) || clip.path.endsWith(`/${text}`));
  const [found, other] = ending;
  if (found && !other) return found;
  const shown = (clip: NamedClip) => relative('', clip.path);
  throw new WrongUse(
    found && other
      ? `${text} could be ${shown(found)} or ${shown(other)}; name more of its path with ${option}`
      : `None of the clips is named ${text}; check the name given to ${option}`,
  );
}
