import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { MUSIC_EXTENSIONS, VIDEO_EXTENSIONS } from '../../../../shared/keys.ts';
import { words } from '../words/language.ts';
import { demoAwaited, tryDemo } from './demo.ts';
import { droppedFiles, pickedFiles } from './dropped-files.ts';
import { sorted } from './sorting.ts';
import { add } from './uploading.ts';
import './drop-zone.css';

/** Whether files are being held over the page. */
const isOver = signal(false);
/** All that a file dialog offers. */
const ACCEPTED = [...VIDEO_EXTENSIONS, ...MUSIC_EXTENSIONS].map((ending) => `.${ending}`).join(',');

/** Takes files that are dropped anywhere, or pasted, and shows where they will go while they are held over the page. */
export function DropAnywhere() {
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      isOver.value = true;
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) isOver.value = false;
    };
    const take = async (transfer: DataTransfer | null) => {
      if (transfer) add(sorted(await droppedFiles(transfer)));
    };
    const drop = (event: DragEvent) => {
      isOver.value = false;
      if (!carriesFiles(event)) return;
      event.preventDefault();
      void take(event.dataTransfer);
    };
    const paste = (event: ClipboardEvent) => {
      if (event.clipboardData?.types.includes('Files')) void take(event.clipboardData);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
      removeEventListener('paste', paste);
    };
  }, []);
  return isOver.value ? <div class="drop-over">{words.value.dropNow}</div> : null;
}

/** What the stage says while there is nothing. */
export function DropZone() {
  const said = words.value;
  return (
    <div class="drop-zone">
      <p class="drop-title">{said.drop}</p>
      <p class="quiet">{said.dropHint}</p>
      <PickButtons />
      <Demo />
    </div>
  );
}

/** For whoever has nothing at hand. */
function Demo() {
  const said = words.value;
  const awaited = demoAwaited.value;
  return awaited ? (
    <p class="quiet" role="status">
      {said.demoAwaited(awaited.made, awaited.of)}
    </p>
  ) : (
    <button type="button" class="plain" onClick={() => void tryDemo()}>
      {said.tryDemo}
    </button>
  );
}

/** Buttons that do what dropping does. */
export function PickButtons({ only = 'both' }: { only?: 'both' | 'files' }) {
  const said = words.value;
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const take = ({ currentTarget }: { currentTarget: HTMLInputElement }) => {
    if (currentTarget.files) add(sorted(pickedFiles(currentTarget.files)));
    currentTarget.value = '';
  };
  return (
    <div class="pick">
      <input ref={files} type="file" multiple accept={ACCEPTED} hidden onChange={take} aria-label={said.pick} />
      <button type="button" class="plain" onClick={() => files.current?.click()}>
        {only === 'files' ? said.addMore : said.pick}
      </button>
      {only === 'both' && (
        <>
          <input
            ref={(input) => {
              folder.current = input;
              if (input) input.webkitdirectory = true;
            }}
            type="file"
            hidden
            onChange={take}
            aria-label={said.pickFolder}
          />
          <button type="button" class="plain pick-folder" onClick={() => folder.current?.click()}>
            {said.pickFolder}
          </button>
        </>
      )}
    </div>
  );
}
