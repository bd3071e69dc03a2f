import { useState } from 'preact/hooks';
import { client, sentence } from '../server.ts';
import { ShownOnce } from '../shown-once.tsx';
import { locale, words } from '../words/language.ts';

const LASTS_DAYS = 30;

/** Makes a token for programs of whoever is signed in. */
export function ProgramToken() {
  const said = words.value;
  const [made, setMade] = useState<{ token: string; expiresAt: string } | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const make = async () => {
    setTrouble(null);
    try {
      setMade((await client.call('createToken', { body: { expiresInDays: LASTS_DAYS } })).body);
    } catch (error) {
      setTrouble(sentence(error));
    }
  };
  return (
    <>
      <h3>{said.programToken}</h3>
      <p class="quiet">{said.programTokenHint(LASTS_DAYS)}</p>
      <pre class="program-example">
        <code>{`MONTAGE_TOKEN=… npm run montage -- jobs --server ${location.origin}`}</code>
      </pre>
      <button type="button" class="plain" onClick={() => void make()}>
        {said.makeToken}
      </button>
      {trouble && <p role="alert">{trouble}</p>}
      {made && (
        <>
          <ShownOnce key={made.token} name={said.newToken} text={made.token} />
          <p class="quiet small numbers">
            {said.tokenUntil(
              new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium' }).format(new Date(made.expiresAt)),
            )}
          </p>
        </>
      )}
    </>
  );
}
