import type { Cut } from '../../../../shared/timeline.ts';
import { words } from '../words/language.ts';

interface WhySaid {
  readonly here: string | null;
  readonly shot: string;
  /** Where the page can't say it in its own language. */
  readonly lang?: 'en';
}

/** Why a cut is where it is, and why it shows this shot of `file`; an older timeline has that in English only. */
export function whySaid({ why, reason }: Pick<Cut, 'why' | 'reason'>, file: string): WhySaid {
  const said = words.value;
  if (why) return { here: why.here && said.becauseHere(why.here), shot: said.becauseShot(why.shot, file) };
  const at = reason.indexOf('; ');
  if (at < 0) return { here: null, shot: reason, lang: 'en' };
  return { here: reason.slice(0, at), shot: reason.slice(at + 2), lang: 'en' };
}
