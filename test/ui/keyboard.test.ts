import { describe, expect, it } from 'vitest';
import { addressOf, jobAt } from '../../functions/ui/page/job-address.ts';
import { actionOf, KEYS } from '../../functions/ui/page/keyboard.ts';
import { languageFor } from '../../functions/ui/page/language.ts';
import { english } from '../../functions/ui/page/words/english.ts';
import { german } from '../../functions/ui/page/words/german.ts';

const press = (key: string, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...more });

describe('the keys', () => {
  it('do what their list says, whatever the case', () => {
    for (const { keys, action } of KEYS) for (const key of keys) expect(actionOf(press(key), 'elsewhere')).toBe(action);
    expect(actionOf(press('L'), 'elsewhere')).toBe('forwards');
  });

  it('are the browser’s with a modifier, and the field’s that has the focus', () => {
    expect(actionOf(press('f', { ctrlKey: true }), 'elsewhere')).toBeNull();
    expect(KEYS.flatMap(({ keys }) => keys).map((key) => actionOf(press(key), 'text'))).toEqual(KEYS.map(() => null));
    expect(['ArrowLeft', 'Home', ' '].map((key) => actionOf(press(key), 'choice'))).toEqual([null, null, null]);
    expect([' ', 'ArrowLeft'].map((key) => actionOf(press(key), 'button'))).toEqual([null, 'frame back']);
  });

  it('have words in every language', () => {
    for (const words of [english, german]) for (const { action } of KEYS) expect(words.actions[action]).toBeTruthy();
  });
});

describe('the address of a job', () => {
  it('goes there and back', () => {
    expect(jobAt(addressOf('summer-0123456789'))).toBe('summer-0123456789');
    expect(['/', '/jobs/', '/jobs/a/b', '/other/a', '/jobs/%'].map(jobAt)).toEqual(Array(5).fill(null));
  });
});

describe('the language', () => {
  it('is the first of a person’s that the page speaks', () => {
    expect(languageFor(['de-AT', 'en'])).toBe('de');
    expect(languageFor(['fr', 'de'])).toBe('de');
    expect(languageFor(['', 'fr-FR'])).toBe('en');
  });
});
