import { describe, expect, it } from 'vitest';
import { actionOf, KEYS } from '../../functions/ui/page/keyboard.ts';
import { addressOf, jobAt } from '../../functions/ui/page/make/job-address.ts';
import { english } from '../../functions/ui/page/words/english.ts';
import { german } from '../../functions/ui/page/words/german.ts';
import { languageFor } from '../../functions/ui/page/words/language.ts';

/** A press of a key as the list has it, with what is held. */
const press = (name: string, more = {}) => {
  const held = name.split('+');
  const key = held.pop() ?? '';
  const [ctrlKey, shiftKey] = [held.includes('Ctrl'), held.includes('Shift')];
  return { key, ctrlKey, shiftKey, metaKey: false, altKey: false, ...more };
};

describe('the keys', () => {
  it('do what their list says, whatever the case', () => {
    for (const { keys, action } of KEYS) for (const key of keys) expect(actionOf(press(key), 'elsewhere')).toBe(action);
    expect(actionOf(press('L'), 'elsewhere')).toBe('forwards');
  });

  it('are the browser’s with a modifier, and the field’s that has the focus', () => {
    expect(actionOf(press('f', { ctrlKey: true }), 'elsewhere')).toBeNull();
    expect(actionOf(press('Shift+ArrowLeft', { altKey: true }), 'elsewhere')).toBeNull();
    for (const { keys } of KEYS) for (const key of keys) expect(actionOf(press(key), 'text')).toBeNull();
    expect(['ArrowLeft', 'Home', ' '].map((key) => actionOf(press(key), 'choice'))).toEqual([null, null, null]);
    expect([' ', 'Enter', 'ArrowLeft'].map((key) => actionOf(press(key), 'button'))).toEqual([
      null,
      null,
      'frame back',
    ]);
  });

  it('are the same with the command key, with Caps Lock, and where Shift is needed to type them', () => {
    expect(actionOf(press('z', { metaKey: true }), 'elsewhere')).toBe('undo');
    expect(actionOf(press('Z', { metaKey: true, shiftKey: true }), 'elsewhere')).toBe('redo');
    expect(actionOf(press('?', { shiftKey: true }), 'button')).toBe('keys');
    expect(actionOf(press('S', { shiftKey: true }), 'button')).toBe('lock');
    expect(actionOf(press('z'), 'elsewhere')).toBeNull();
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
