import { Cuts } from './change/cuts.tsx';
import { Create } from './choose/create.tsx';
import { StyleCards } from './choose/style-cards.tsx';
import { Clips } from './gather/clips.tsx';
import { DropAnywhere } from './gather/drop-zone.tsx';
import { Song } from './gather/song.tsx';
import { Header } from './header.tsx';
import { type Actions, useKeyActions } from './key-actions.ts';
import { Keys, keysOpen } from './keys.tsx';
import { Downloads } from './make/downloads.tsx';
import { History } from './make/history.tsx';
import { historyOpen, lookBack } from './make/made-before.ts';
import { watched } from './make/watching.ts';
import { Notice } from './notice.tsx';
import { Stage } from './play/stage.tsx';
import { linksOpen } from './share/links.ts';
import { ShareLinks } from './share/share-links.tsx';
import { Account, accountOpen } from './sign-in/account.tsx';
import { useGoOnInside } from './sign-in/go-on-inside.ts';
import { SignIn } from './sign-in/sign-in.tsx';
import { hasToSignIn } from './sign-in/who.ts';
import { Before, beforeOpen } from './versions/before.tsx';
import { comparing } from './versions/comparing.ts';
import { SideBySide } from './versions/side-by-side.tsx';
import { words } from './words/language.ts';

const ACTIONS: Actions = {
  keys: () => {
    keysOpen.value = true;
  },
  history: () => {
    historyOpen.value = true;
    void lookBack();
  },
};

/** The whole page, for whoever may see it. */
export function Page() {
  useGoOnInside('#stage');
  return hasToSignIn.value ? <Door /> : <Inside />;
}

/** What there is for who has to sign in. */
function Door() {
  return (
    <>
      <Header />
      <SignIn />
      <Notice />
    </>
  );
}

/** All that fills up as things become known. */
function Inside() {
  useKeyActions(() => ACTIONS);
  return (
    <>
      <a class="skip" href="#stage">
        {words.value.skip}
      </a>
      <Header />
      <main class="page">
        <OnStage />
        <div class="side">
          <StyleCards />
          <Create />
        </div>
        <div class="lanes">
          <Cuts />
          <Downloads />
          <Song />
          <Clips />
        </div>
      </main>
      <History />
      <Before />
      <ShareLinks />
      <Account />
      <Keys />
      <DropAnywhere />
      {!keysOpen.value && !historyOpen.value && !beforeOpen.value && !linksOpen.value && !accountOpen.value && (
        <Notice />
      )}
    </>
  );
}

/** The stage, or two versions of what was on it side by side. */
function OnStage() {
  const two = comparing.value;
  const job = watched.value?.job;
  return two && job !== undefined ? <SideBySide job={job} left={two.left} right={two.right} /> : <Stage />;
}
