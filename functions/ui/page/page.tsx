import { Before, beforeOpen } from './before.tsx';
import { Clips } from './clips.tsx';
import { comparing } from './comparing.ts';
import { Create } from './create.tsx';
import { Cuts } from './cuts.tsx';
import { Downloads } from './downloads.tsx';
import { DropAnywhere } from './drop-zone.tsx';
import { Header } from './header.tsx';
import { History } from './history.tsx';
import { type Actions, useKeyActions } from './key-actions.ts';
import { Keys, keysOpen } from './keys.tsx';
import { words } from './language.ts';
import { historyOpen, lookBack } from './made-before.ts';
import { Notice } from './notice.tsx';
import { SideBySide } from './side-by-side.tsx';
import { Song } from './song.tsx';
import { Stage } from './stage.tsx';
import { StyleCards } from './style-cards.tsx';
import { watched } from './watching.ts';

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
      <Keys />
      <DropAnywhere />
      {!keysOpen.value && !historyOpen.value && !beforeOpen.value && <Notice />}
    </>
  );
}

/** The stage, or two versions of what was on it side by side. */
function OnStage() {
  const two = comparing.value;
  const job = watched.value?.job;
  return two && job !== undefined ? <SideBySide job={job} left={two.left} right={two.right} /> : <Stage />;
}
