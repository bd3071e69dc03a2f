import { z } from 'zod';
import { SECTION_LABELS } from './analysis.ts';

const section = z.enum(SECTION_LABELS).nullable();
const toEnd = z.boolean();

/** Why a cut is where it is. `opens` is the section of the song that starts there; `toEnd` says that the shot is held to the end. */
const WhyHereSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('start'), opens: section }),
  z.object({ kind: z.literal('beat'), downbeat: z.boolean(), phrase: z.boolean(), opens: section, toEnd }),
  z.object({ kind: z.literal('half beat'), toEnd }),
  /** Where no beat is heard. */
  z.object({ kind: z.literal('between beats'), opens: section, toEnd }),
  z.object({ kind: z.literal('moved') }),
]);
export type WhyHere = z.infer<typeof WhyHereSchema>;

/** Why a cut shows what it shows. `most` says that no other shot of the clip has more of it. */
const WhyShotSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.enum(['motion', 'width', 'symmetry', 'sharpness']), most: z.boolean() }),
  z.object({
    kind: z.literal('pace'),
    motion: z.enum(['calm', 'unhurried', 'lively']),
    music: z.enum(['quiet', 'in between', 'intense']),
  }),
  z.object({ kind: z.enum(['fits between', 'wanted', 'chosen', 'locked']) }),
]);
export type WhyShot = z.infer<typeof WhyShotSchema>;

/** Why a cut is where it is and shows what it shows, for who says it in any language. */
export const WhySchema = z.object({ here: WhyHereSchema.nullable(), shot: WhyShotSchema });
export type Why = z.infer<typeof WhySchema>;

/** The same in one English sentence: "on the downbeat that opens the drop; the shot with the most motion in beach.mp4". */
export const whySentence = ({ here, shot }: Why, file: string): string =>
  here ? `${hereInEnglish(here)}; ${shotInEnglish(shot, file)}` : shotInEnglish(shot, file);

export function hereInEnglish(here: WhyHere): string {
  switch (here.kind) {
    case 'start':
      return `opens the montage${here.opens ? ` with the ${here.opens}` : ''}`;
    case 'beat':
      return `on the ${beatInEnglish(here)}${heldInEnglish(here.toEnd)}`;
    case 'half beat':
      return `on the half beat${heldInEnglish(here.toEnd)}`;
    case 'between beats':
      return `${here.opens ? `where the ${here.opens} starts` : 'between beats, where the music leaves room'}${heldInEnglish(here.toEnd)}`;
    case 'moved':
      return 'you moved it here';
  }
}

function beatInEnglish({ downbeat, phrase, opens }: Extract<WhyHere, { kind: 'beat' }>): string {
  if (downbeat && opens) return `downbeat that opens the ${opens}`;
  if (phrase) return 'downbeat of a new phrase';
  return `${downbeat ? 'downbeat' : 'beat'}${opens ? ` that opens the ${opens}` : ''}`;
}

const heldInEnglish = (toEnd: boolean) => (toEnd ? ', held to the end' : '');

export function shotInEnglish(shot: WhyShot, file: string): string {
  switch (shot.kind) {
    case 'motion':
      return shot.most ? `the shot with the most motion in ${file}` : `a lively moment of ${file}`;
    case 'width':
      return shot.most ? `the widest view in ${file}` : `a wide view from ${file}`;
    case 'symmetry':
      return shot.most ? `the most symmetric shot of ${file}` : `a symmetric shot of ${file}`;
    case 'sharpness':
      return shot.most ? `the sharpest shot of ${file}` : `a crisp moment of ${file}`;
    case 'pace':
      return `${{ calm: 'a calm', unhurried: 'an unhurried', lively: 'a lively' }[shot.motion]} moment of ${file}, ${
        { quiet: 'as quiet as the music', 'in between': 'in step with the music', intense: 'as intense as the music' }[
          shot.music
        ]
      }`;
    case 'fits between':
      return `the moment of ${file} that fits best between its neighbours`;
    case 'wanted':
      return `you want ${file} to be seen`;
    case 'chosen':
      return `you chose this moment of ${file}`;
    case 'locked':
      return `you locked this moment of ${file}`;
  }
}
