import { words } from '../words/language.ts';
import { readAgain, waitsForLeave } from './restoring.ts';
import { isGoing, isUnderWay, type Upload } from './upload-queue.ts';
import { again, goOn, pause, remove, uploads } from './uploading.ts';

/** What can be done with a file that isn't there yet. */
export function UploadButtons({ upload, name }: { upload: Upload; name: string }) {
  const said = words.value;
  const { id, state } = upload;
  return (
    <>
      {state === 'failed' && (
        <button type="button" class="small-button" aria-label={said.tryAgain(name)} onClick={() => again(id)}>
          {said.tryAgainShort}
        </button>
      )}
      {isGoing(upload) && (
        <button type="button" class="small-button" aria-label={said.pauseSending(name)} onClick={() => pause(id)}>
          {said.pauseShort}
        </button>
      )}
      {state === 'paused' && (
        <button type="button" class="small-button" aria-label={said.goOn(name)} onClick={() => goOn(id)}>
          {said.goOnShort}
        </button>
      )}
      {(isUnderWay(upload) || state === 'failed') && (
        <button type="button" class="small-button" aria-label={said.remove(name)} onClick={() => remove(id)}>
          {said.removeShort}
        </button>
      )}
    </>
  );
}

/** The same for all that are not there yet: clips and songs. */
export function AllUploadsButtons() {
  const said = words.value;
  const all = uploads.value;
  return (
    <>
      {all.filter(isGoing).length > 1 && (
        <button type="button" class="plain" onClick={() => pause('all')}>
          {said.pauseAll}
        </button>
      )}
      {all.filter(({ state }) => state === 'paused').length > 1 && (
        <button type="button" class="plain" onClick={() => goOn('all')}>
          {said.goOnWithAll}
        </button>
      )}
      {waitsForLeave.value && all.some(({ state }) => state === 'wanted') && (
        <button type="button" class="plain" onClick={() => void readAgain(true)}>
          {said.readAgain}
        </button>
      )}
    </>
  );
}
