import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { pathOf } from '../../../../shared/api/client.ts';
import type { Clip } from '../../../../shared/api/library.ts';
import { sourceLit } from '../change/cuts.tsx';
import { clock } from '../clock.ts';
import { watched } from '../make/watching.ts';
import { words } from '../words/language.ts';
import { Told } from '../words/told.tsx';
import { PickButtons } from './drop-zone.tsx';
import type { Entry } from './entries.ts';
import { FirstFrame } from './first-frame.tsx';
import { clipChosen, clipEntries, clipOnStage, leaveOut, leftOut } from './gathered.ts';
import { trouble } from './library.ts';
import { AllUploadsButtons, UploadButtons } from './upload-buttons.tsx';
import type { Upload } from './upload-queue.ts';
import { fileOf, isCutOff, shareOf } from './uploading.ts';
import { isPart, wishOf } from './wishes.ts';
import './clips.css';

/** Every clip of the set: its first picture, how far it is sent, what was found in it, why it can't be used. */
export function Clips() {
  const said = words.value;
  const entries = clipEntries.value;
  const found = entries.flatMap(({ stored }) => (stored?.found.state === 'ready' ? [stored.found] : []));
  const seconds = found.reduce((sum, { durationSeconds }) => sum + durationSeconds, 0);
  const shots = found.reduce((sum, clip) => sum + clip.shots, 0);
  return (
    <section class="lane" aria-labelledby="clips-title">
      <header class="lane-head">
        <h2 id="clips-title">{said.clips}</h2>
        <span class="quiet numbers">
          {entries.length > 0 ? said.clipsSum(entries.length, seconds, shots) : said.noClips}
        </span>
        <AllUploadsButtons />
        {entries.length > 0 && <PickButtons only="files" />}
      </header>
      {isCutOff.value && <p role="alert">{said.pausedByNetwork}</p>}
      {trouble.value && <p role="alert">{trouble.value}</p>}
      {entries.length > 0 && <Rows entries={entries} />}
    </section>
  );
}

/** Clips that are laid out together: what is out of view costs a scrolled frame by the number of these. */
const ROWS_TOGETHER = 2;

/** As many columns as there is room for, in blocks of a few rows. */
function Rows({ entries }: { entries: readonly Entry<Clip>[] }) {
  const list = useRef<HTMLDivElement>(null);
  // Nothing is drawn before it is known: it would be drawn twice.
  const [columns, setColumns] = useState<number | null>(null);
  useLayoutEffect(() => {
    const place = list.current;
    if (!place) return;
    const measure = () => setColumns(getComputedStyle(place).gridTemplateColumns.split(' ').length);
    measure();
    const resized = new ResizeObserver(measure);
    resized.observe(place);
    return () => resized.disconnect();
  }, []);
  // Asked while all is where it was: what comes into another block is made anew there.
  const before = list.current?.contains(document.activeElement) ? placeOf(document.activeElement) : null;
  useLayoutEffect(() => {
    if (before && document.activeElement === document.body) focusAt(list.current, before);
  });
  const size = (columns ?? 1) * ROWS_TOGETHER;
  const blocks = Array.from({ length: columns === null ? 0 : Math.ceil(entries.length / size) }, (_, i) =>
    entries.slice(i * size, (i + 1) * size),
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: a list's items can only be its children, and here they are in blocks.
    <div class="clips clip-columns" role="list" ref={list}>
      {blocks.map((block, i) => (
        <div key={i} class="clip-rows clip-columns" role="presentation">
          {block.map((entry) => (
            <Kept key={entry.id} entry={entry} />
          ))}
        </div>
      ))}
    </div>
  );
}

/** A button of a clip: which clip, and which of its buttons. */
interface Place {
  clip: string;
  button: number;
}

function placeOf(button: Element | null): Place | null {
  const tile = button?.closest<HTMLElement>('.clip');
  const clip = tile?.dataset.clip;
  if (!button || !tile || clip === undefined) return null;
  return { clip, button: [...tile.querySelectorAll('button')].indexOf(button as HTMLButtonElement) };
}

function focusAt(list: Element | null, { clip, button }: Place): void {
  const tile = [...(list?.querySelectorAll<HTMLElement>('.clip') ?? [])].find(({ dataset }) => dataset.clip === clip);
  tile?.querySelectorAll('button')[button]?.focus({ preventScroll: true });
}

/** Drawn again only when something of it has changed: there may be hundreds. */
function Kept({ entry }: { entry: Entry<Clip> }) {
  const { id, name, key, upload, stored } = entry;
  const isOut = leftOut.value.has(id);
  const isChosen = watched.value ? clipChosen.value === id : clipOnStage.value?.id === id;
  const isLit = sourceLit() === name;
  const wanted = wishOf(id);
  return useMemo(
    () => <Tile entry={entry} isOut={isOut} isChosen={isChosen} isLit={isLit} />,
    [
      name,
      key,
      upload,
      stored?.etag,
      stored?.found.state,
      isOut,
      isChosen,
      isLit,
      wanted,
      words.value,
      watched.value === null,
    ],
  );
}

interface TileProps {
  entry: Entry<Clip>;
  isOut: boolean;
  isChosen: boolean;
  isLit: boolean;
}

function Tile({ entry, isOut, isChosen, isLit }: TileProps) {
  const said = words.value;
  const { id, name, upload, stored } = entry;
  const file = upload ? fileOf(upload.id) : null;
  const address = stored && pathOf('findMedia', { parameters: { bucket: 'input', key: stored.key } });
  const picture = file ?? address;
  const isOnItsWay = upload !== null && !stored && upload.state !== 'sent';
  const marks = [isOut && 'out', isLit && 'lit', stored?.found.state === 'rejected' && 'rejected'].filter(Boolean);
  return (
    // biome-ignore lint/a11y/useSemanticElements: see the list.
    <div class={`clip ${marks.join(' ')}`} role="listitem" data-clip={id}>
      <button
        type="button"
        class="clip-look"
        aria-pressed={isChosen}
        aria-label={watched.value ? said.light(name) : said.look(name)}
        onClick={() => {
          clipChosen.value = watched.value && isChosen ? null : id;
        }}
      >
        {picture && <FirstFrame name={upload ? `upload-${upload.id}` : (stored?.etag ?? id)} source={() => picture} />}
        {upload && !stored && <Filling id={upload.id} />}
      </button>
      <p class="clip-name" title={name}>
        {name}
      </p>
      <Found entry={entry} isOut={isOut} />
      {!isOut && (
        <Wanted id={id} durationSeconds={stored?.found.state === 'ready' ? stored.found.durationSeconds : null} />
      )}
      <div class="clip-buttons">
        {isOnItsWay ? (
          <UploadButtons upload={upload} name={name} />
        ) : stored?.found.state === 'rejected' ? null : (
          <button
            type="button"
            class="small-button"
            aria-label={isOut ? said.takeIn(name) : said.leaveOut(name)}
            onClick={() => leaveOut(id, !isOut)}
          >
            {isOut ? said.takeInShort : said.leaveOutShort}
          </button>
        )}
      </div>
    </div>
  );
}

/** What is known of a clip, in a line. */
function Found({ entry: { name, upload, stored }, isOut }: { entry: Entry<Clip>; isOut: boolean }) {
  const said = words.value;
  if (isOut) return <p class="clip-found">{said.leftOut}</p>;
  if (stored?.found.state === 'ready') {
    return (
      <p class="clip-found numbers">
        {clock(stored.found.durationSeconds)} · {said.shots(stored.found.shots)}
      </p>
    );
  }
  if (stored?.found.state === 'rejected') {
    return (
      <p class="clip-found why">
        {said.cantUse}: <Told sentence={stored.found.reason} />
      </p>
    );
  }
  if (stored) return <p class="clip-found">{said.looking}</p>;
  return upload ? <OnItsWay upload={upload} name={name} /> : null;
}

/** What a person wants of a clip, in a line. */
function Wanted({ id, durationSeconds }: { id: string; durationSeconds: number | null }) {
  const said = words.value;
  const { must, from, to } = wishOf(id);
  const part = isPart({ must, from, to }) ? said.onlyPart(from ?? 0, to ?? durationSeconds) : null;
  const wanted = [must ? said.mustBeSeen : null, part].filter((each) => each !== null);
  return wanted.length > 0 ? <p class="clip-found numbers wanted">{wanted.join(' · ')}</p> : null;
}

/** How an upload stands, in words. */
export function OnItsWay({ upload, name }: { upload: Upload; name: string }) {
  const said = words.value;
  const { id, state, sentence } = upload;
  if (state === 'sending')
    return <Share id={id} of={(percent) => (percent < 100 ? said.sending(percent) : said.finishing)} />;
  if (state === 'paused') return <Share id={id} of={said.paused} />;
  if (state === 'wanted') return <Share id={id} of={(percent) => said.wanted(name, percent)} isWhole />;
  if (state === 'retrying') return <p class="clip-found why">{said.retrying}</p>;
  if (state === 'failed')
    return (
      <p class="clip-found why" lang={sentence ? 'en' : undefined}>
        {sentence ?? said.fileChanged(name)}
      </p>
    );
  return <p class="clip-found">{state === 'sent' ? said.sent : said.waiting}</p>;
}

/** A part of its own, since it changes all the time. */
function Share({ id, of, isWhole }: { id: number; of: (percent: number) => string; isWhole?: boolean }) {
  const percent = Math.floor(shareOf(id).value * 100);
  return <p class={`clip-found numbers ${isWhole ? 'why' : ''}`}>{of(percent)}</p>;
}

/** The picture fills as the clip is sent. */
const Filling = ({ id }: { id: number }) => <span class="filling" style={{ '--left': 1 - shareOf(id).value }} />;
