import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../shared/refusal.ts';
import type { Style } from '../../../shared/style.ts';
import { builtInStyles, parseStyle, resolveStyle } from '../../../shared/styles/built-in.ts';

const IDS = [
  'dynamic',
  'action',
  'cinema_trailer',
  'cinematic_epic',
  'documentary',
  'gaming',
  'hitchcock',
  'minimalist',
  'mtv',
  'podcast_highlight',
  'preview',
  'sport',
  'travel',
  'tutorial',
  'viral',
  'vlog',
  'wedding',
  'wes_anderson',
];

/** The sentence of the refusal that `act` ends in. */
function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('built-in styles', () => {
  it('are the eighteen of the table, the default first', () => {
    expect(builtInStyles().map(({ id }) => id)).toEqual(IDS);
  });

  it('have names and descriptions of their own', () => {
    expect(new Set(builtInStyles().map(({ name }) => name)).size).toBe(18);
    expect(new Set(builtInStyles().map(({ description }) => description)).size).toBe(18);
  });

  it.each([
    [
      'dynamic',
      { 'pacing.speed': 'dynamic', 'pacing.introBeats': 16, arc: 'hero_journey', 'transitions.seconds': 0.5 },
    ],
    ['hitchcock', { 'pacing.variation': 'high', 'pacing.climax': 0.9, arc: 'slow_burn', 'transitions.type': 'cut' }],
    ['mtv', { 'pacing.speed': 'very_fast', 'pacing.introBeats': 2, arc: 'mtv_energy', 'look.grade': 'vibrant' }],
    ['documentary', { 'pacing.syncToBeats': false, 'transitions.seconds': 1, 'sound.sourceAudio': 'ambient' }],
    ['minimalist', { 'pacing.introBeats': 32, 'shots.minClipSeconds': 4, 'shots.maxClipSeconds': 60 }],
    [
      'cinematic_epic',
      { 'pacing.climax': 1.3, 'pacing.outroBeats': 8, 'transitions.dipToBlack': 0.15, 'look.sharpen': 1.2 },
    ],
    [
      'sport',
      { 'pacing.variation': 'fibonacci', 'shots.action': 2.5, 'shots.minClipSeconds': 0.5, 'shots.maxClipSeconds': 3 },
    ],
    ['gaming', { 'transitions.whipPan': 0.15, 'transitions.flash': 0.1, 'transitions.type': 'mixed' }],
    [
      'viral',
      { 'pacing.speed': 'extreme', 'pacing.variation': 'chaotic', 'pacing.energyGain': 2, 'transitions.whipPan': 0.2 },
    ],
    ['podcast_highlight', { 'sound.sourceAudio': 'dialogue', 'pacing.syncToBeats': false }],
  ])('%s has what the table of styles says', (id, expected) => {
    const style = resolveStyle(id, [], {});
    for (const [path, value] of Object.entries(expected)) expect(style, path).toHaveProperty(path, value);
  });
});

describe('resolveStyle', () => {
  it("takes a user's own style before a built-in one of the same id", () => {
    const own: Style = { ...resolveStyle('mtv', [], {}), name: 'My MTV' };
    expect(resolveStyle('mtv', [own], {}).name).toBe('My MTV');
    expect(resolveStyle('dynamic', [own], {}).name).toBe('Dynamic');
  });

  it('names the nearest style when there is no such one', () => {
    expect(refusalOf(() => resolveStyle('hitchcok', [], {}))).toBe(
      'There is no style "hitchcok"; did you mean "hitchcock"?',
    );
  });

  it('names all that there are when none is near', () => {
    const said = refusalOf(() => resolveStyle('an afternoon in Trieste', [], {}));
    for (const { id } of builtInStyles()) expect(said).toContain(id);
  });

  it("finds a user's own style by a misspelt name too", () => {
    const own: Style = { ...resolveStyle('mtv', [], {}), id: 'grandmas_birthday' };
    expect(refusalOf(() => resolveStyle('grandmas_birtday', [own], {}))).toContain('"grandmas_birthday"');
  });

  it('sets single fields and leaves the others as they are', () => {
    const plain = resolveStyle('mtv', [], {});
    const set = resolveStyle('mtv', [], { 'pacing.speed': 'slow', 'look.grade': 'noir' });
    expect(set).toEqual({
      ...plain,
      pacing: { ...plain.pacing, speed: 'slow' },
      look: { ...plain.look, grade: 'noir' },
    });
    expect(resolveStyle('mtv', [], {})).toEqual(plain);
  });

  it.each([
    ['pacing.energyGain', '1.25', 1.25],
    ['pacing.introBeats', '8', 8],
    ['pacing.syncToBeats', 'false', false],
    ['pacing.beatsPerCut', 'null', null],
    ['pacing.beatsPerCut', '{"min":2,"max":8}', { min: 2, max: 8 }],
    ['look.grade', 'warm', 'warm'],
    ['look.grade', 'warm, cool', ['warm', 'cool']],
    [
      'arc',
      '[[0,0.1],[1,0.9]]',
      [
        [0, 0.1],
        [1, 0.9],
      ],
    ],
    ['name', '42', '42'],
  ])('reads %s=%s from a command line as what the field takes', (path, text, value) => {
    expect(resolveStyle('mtv', [], { [path]: text })).toHaveProperty(path, value);
  });

  it('checks all settings together, so that their order is of no matter', () => {
    const style = resolveStyle('mtv', [], { 'shots.minClipSeconds': '20', 'shots.maxClipSeconds': '40' });
    expect(style.shots).toMatchObject({ minClipSeconds: 20, maxClipSeconds: 40 });
    expect(refusalOf(() => resolveStyle('mtv', [], { 'shots.minClipSeconds': '20' }))).toContain(
      'minClipSeconds must not be above maxClipSeconds',
    );
  });

  it.each([
    [{ 'pacing.sped': 'fast' }, 'There is no style field "pacing.sped"; did you mean "pacing.speed"?'],
    [{ speed: 'fast' }, 'There is no style field "speed"; did you mean "pacing.speed"?'],
    [{ 'pacing.speed': 'quick' }, 'pacing.speed can\'t be "quick", it takes very_slow, slow, medium'],
    [{ 'shots.wide': '9' }, 'shots.wide can\'t be "9", it takes a number from 0 to 3'],
    [{ 'pacing.introBeats': '2.5' }, 'it takes a whole number from 0 to 64'],
    [{ 'pacing.syncToBeats': 'maybe' }, 'it takes true or false'],
    [{ 'pacing.beatsPerCut.min': '2' }, 'pacing.beatsPerCut.max is missing, it takes a number from 0.5 to 64'],
    [{ arc: '[[0.5,1],[0.2,1]]' }, "arc can't be"],
  ] as [Record<string, string>, string][])('refuses %j with the path and the allowed values', (set, sentence) => {
    // With beats a cut unset, so that setting only one bound leaves the other missing.
    expect(refusalOf(() => resolveStyle('mtv', [], set))).toContain(sentence);
  });
});

describe('parseStyle', () => {
  const text = (change: object) => JSON.stringify({ ...resolveStyle('mtv', [], {}), id: 'mine', ...change });

  it('reads a whole style', () => {
    expect(parseStyle(text({}), 'styles/mine.json').id).toBe('mine');
  });

  it.each([
    ['{"id": "mine",', 'The style styles/mine.json is not JSON'],
    ['[]', "The style styles/mine.json can't be used: a style is an object with id, name"],
    [text({ mod: 'x' }), 'there is no style field "mod"; did you mean "mood"?'],
    [text({ arc: 'hero' }), 'arc can\'t be "hero", it takes hero_journey, three_act'],
    [text({ id: 'My Style' }), 'id can\'t be "My Style"'],
    [text({ look: undefined }), 'look is missing, it takes an object with grade, intensity'],
  ])('refuses %s', (json, sentence) => {
    expect(refusalOf(() => parseStyle(json, 'styles/mine.json'))).toContain(sentence);
  });
});
