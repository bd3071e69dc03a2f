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

/** The whole page: it fills up as things become known. */
export function Page() {
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
      <Keys />
      <DropAnywhere />
      {!keysOpen.value && !historyOpen.value && !beforeOpen.value && !linksOpen.value && <Notice />}
    </>
  );
}

/** The stage, or two versions of what was on it side by side. */
function OnStage() {
  const two = comparing.value;
  const job = watched.value?.job;
  return two && job !== undefined ? <SideBySide job={job} left={two.left} right={two.right} /> : <Stage />;
}
