/** Three people who sign in by tokens of their own; the last is an operator. */
export const TOKENS = { ann: 'a'.repeat(40), ben: 'b'.repeat(40), olga: 'o'.repeat(40) };
export type Person = keyof typeof TOKENS;

/** What lets them in. */
export const SETTINGS = {
  MONTAGE_TOKENS: Object.entries(TOKENS)
    .map(([name, token]) => `${name}:${token}`)
    .join(' '),
  MONTAGE_OPERATORS: 'olga',
  MONTAGE_SESSION_KEY: 'k'.repeat(32),
};
