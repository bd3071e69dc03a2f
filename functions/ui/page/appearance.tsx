import { THEMES, type Theme, theme, wear } from './theme.ts';
import { LANGUAGES, type Language, language, speak, words } from './words/language.ts';

/** What the page looks like, and the language that it speaks. */
export function Appearance() {
  const said = words.value;
  return (
    <>
      <select
        class="theme"
        aria-label={said.theme}
        value={theme.value}
        onChange={({ currentTarget }) => wear(currentTarget.value as Theme)}
      >
        {THEMES.map((each) => (
          <option key={each} value={each}>
            {said.themes[each]}
          </option>
        ))}
      </select>
      <select
        aria-label={said.language}
        value={language.value}
        onChange={({ currentTarget }) => speak(currentTarget.value as Language)}
      >
        {Object.entries(LANGUAGES).map(([tag, { name }]) => (
          <option key={tag} value={tag} lang={tag}>
            {name}
          </option>
        ))}
      </select>
    </>
  );
}
