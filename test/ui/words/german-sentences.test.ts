import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { parseAst } from 'vite';
import { describe, expect, it } from 'vitest';
import { germanSentences } from '../../../functions/ui/page/words/german-sentences.ts';
import { translated } from '../../../functions/ui/page/words/sentence-said.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
/** Where sentences are made that people meet on the page. */
const SAID = [
  'functions/{analyze-footage,analyze-music,dead-letter,jobs,plan,reconcile,render,upscale}/**/*.ts',
  'functions/ui/page/change/*.ts',
  'shared/{edits,media}/*.ts',
  'shared/job.ts',
  'storage/*.ts',
];
/** Of those, where each is one for people on the page. */
const ALL_FOR_PEOPLE = [
  'functions/analyze-footage/footage.ts',
  'functions/analyze-music/{music,samples}.ts',
  'functions/plan/{locked,output-format,plan,revision,shortage}.ts',
  'functions/render/*.ts',
  'functions/upscale/kept-upscaler.ts',
  'functions/ui/page/change/*.ts',
  'functions/jobs/{revisions,shares,waiting-for}.ts',
  'functions/reconcile/{gather,missing}.ts',
  'shared/edits/*.ts',
  'shared/media/probe.ts',
];
/** Makes sentences of people's errors. */
const SAYS = /^(?:Refusal|Problem|rejected|reason|fault|waiting)$/;

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** Texts in a file as they are written, `{}` for what is filled in, and whether they are said to people. */
function textsIn(path: string): { text: string; isSaid: boolean }[] {
  const source = readFileSync(path, 'utf8');
  const texts: { text: string; isSaid: boolean }[] = [];
  const look = (node: unknown, isSaid: boolean): void => {
    if (Array.isArray(node)) for (const each of node) look(each, isSaid);
    if (!node || typeof node !== 'object' || !('type' in node)) return;
    const { type, ...rest } = node as Node;
    const named = (type === 'Property' ? rest.key : rest.callee) as Node | undefined;
    const says = named ? SAYS.test(source.slice(named.start, named.end)) : isSaid;
    const quasis = (rest.quasis ?? []) as { value: { cooked: string } }[];
    if (type === 'Literal' && typeof rest.value === 'string') texts.push({ text: rest.value, isSaid });
    if (type === 'TemplateLiteral') texts.push({ text: quasis.map(({ value }) => value.cooked).join('{}'), isSaid });
    for (const each of Object.values(rest)) look(each, says);
  };
  look(parseAst(source, { lang: path.endsWith('x') ? 'tsx' : 'ts' }), false);
  return texts;
}

const textsOf = (patterns: string[]) =>
  globSync(patterns, { cwd: ROOT, exclude: ['**/node_modules'] }).flatMap((path) => textsIn(resolve(ROOT, path)));
const withoutNames = (sentence: string) => sentence.replace(/\{\w+\}/g, '{}');
const namesIn = (sentence: string) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

/** What says more to a program than to a person. */
const LEFT_OUT = ['id', 'bucket'];
/** What the page says in words of its own. */
const NOT_ON_THE_PAGE = new Set(['This montage has no {}']);

describe('German sentences', () => {
  it('are of sentences that Montage says, word by word', () => {
    const said = new Set(textsOf(SAID).map(({ text }) => text));
    expect(Object.keys(germanSentences).filter((english) => !said.has(withoutNames(english)))).toEqual([]);
  });

  it('are there for all that people are told of clips, songs, work and changes', () => {
    const known = new Set(Object.keys(germanSentences).map(withoutNames));
    const told = textsOf(ALL_FOR_PEOPLE).filter(({ text, isSaid }) => isSaid && /[a-z]{2}.* .*[a-z]{2}/.test(text));
    expect(told.length).toBeGreaterThan(40);
    expect(told.map(({ text }) => text).filter((text) => !known.has(text) && !NOT_ON_THE_PAGE.has(text))).toEqual([]);
  });

  it('fill in all that the English ones do', () => {
    for (const [english, german] of Object.entries(germanSentences))
      expect(namesIn(german)).toEqual(namesIn(english).filter((name) => !LEFT_OUT.includes(name ?? '')));
  });

  it('keep what is filled in, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, unit: 'grapheme' }), (file) => {
        expect(translated(`${file}.mp4 has no picture: take it out of the montage`, germanSentences)).toBe(
          `${file}.mp4 hat kein Bild: Nimm den Clip aus der Montage`,
        );
      }),
    );
  });

  it.each([
    ['Cut 3 is locked; unlock it to change it', 'Schnitt 3 ist gesperrt; entsperre ihn, um ihn zu ändern'],
    [
      'The song has no beat there; move cut 12 by frames',
      'Der Song hat dort keinen Schlag; verschiebe Schnitt 12 um Bilder',
    ],
    [
      'None of the clips can be used (a.mp4: The clip is 0.20 s long: use one of at least 0.5 s): add footage that shows something and order again',
      'Keiner der Clips ist verwendbar (a.mp4: Der Clip ist 0.20 s lang: Nimm einen von mindestens 0.5 s): Füge Clips hinzu, die etwas zeigen, und erstelle die Montage noch einmal',
    ],
    [
      'The clips hold 3 s to show, too little for the 30 s asked for: add clips or ask for at most 6 s',
      'Die Clips haben 3 s zu zeigen, zu wenig für die gewünschten 30 s: Füge Clips hinzu, oder wünsch dir höchstens 6 s',
    ],
    [
      'The clips hold 0.2 s to show, too little for the 30 s asked for: add clips',
      'Die Clips haben 0.2 s zu zeigen, zu wenig für die gewünschten 30 s: Füge Clips hinzu',
    ],
    [
      'Rendering a segment failed again and again (a.mp4 has no picture: take it out of the montage); mend the cause, then retry the job',
      'Ein Stück rendern: immer wieder gescheitert (a.mp4 hat kein Bild: Nimm den Clip aus der Montage); behebe die Ursache, dann versuch es noch einmal',
    ],
    ['The shot of cut 2 holds nothing more before it', 'Die Einstellung von Schnitt 2 zeigt nichts mehr davor'],
    ['You ask too often: go on in 12 s', 'Du fragst zu oft: Weiter in 12 s'],
  ])('say “%s” in German', (english, german) => {
    expect(translated(english, germanSentences)).toBe(german);
  });

  it('leave a sentence that is none of them as it is', () => {
    expect(translated('Nobody ever wrote this', germanSentences)).toBeNull();
  });
});
