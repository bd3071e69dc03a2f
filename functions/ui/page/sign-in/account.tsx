import { signal } from '@preact/signals';
import { Panel } from '../panel.tsx';
import { words } from '../words/language.ts';
import { ProgramToken } from './program-token.tsx';
import { signOut } from './signing-in.ts';
import { who } from './who.ts';
import './account.css';

/** Whether what concerns whoever is signed in is shown. */
export const accountOpen = signal(false);

/** Says who is signed in, where people have to be. */
export function AccountButton() {
  const said = words.value;
  const { signIn, user } = who.value ?? {};
  if (!signIn || !user) return null;
  const name = user.name || said.signedIn;
  return (
    <button
      type="button"
      class="plain account-button"
      aria-label={said.account(name)}
      title={name}
      onClick={() => {
        accountOpen.value = true;
      }}
    >
      <span>{name}</span>
    </button>
  );
}

/** Who is signed in, and what they can do about it. */
export function Account() {
  const said = words.value;
  const name = who.value?.user?.name;
  return (
    <Panel open={accountOpen} title={name || said.signedIn}>
      <p class="quiet">{name ? said.signedInAs(name) : said.signedInForAll}</p>
      <button type="button" class="plain" onClick={() => void signOut()}>
        {said.signOut}
      </button>
      <ProgramToken />
    </Panel>
  );
}
