import { describe, expect, it } from 'vitest';
import { playingOf } from '../../../functions/ui/page/choose/attention.ts';

const NOTHING = { pointed: null, focused: null, centred: null, chosen: null };

describe('the previews that play', () => {
  it.each([
    ['none while nothing is looked at', {}, []],
    ['the chosen one', { chosen: 'mtv' }, ['mtv']],
    ['the one under the mouse too', { pointed: 'sport', chosen: 'mtv' }, ['sport', 'mtv']],
    ['each once', { pointed: 'mtv', focused: 'mtv', chosen: 'mtv' }, ['mtv']],
    ['two at most, the chosen one last', { pointed: 'sport', focused: 'vlog', chosen: 'mtv' }, ['sport', 'vlog']],
    ['the one in the middle where nobody can point', { centred: 'viral', chosen: 'mtv' }, ['viral', 'mtv']],
  ])('are %s', (_name, attention, playing) => {
    expect([...playingOf({ ...NOTHING, ...attention })]).toEqual(playing);
  });
});
