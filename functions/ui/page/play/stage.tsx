import { useEffect, useRef, useState } from 'preact/hooks';
import { pathOf } from '../../../../shared/api/client.ts';
import type { Clip } from '../../../../shared/api/library.ts';
import { DropZone } from '../gather/drop-zone.tsx';
import type { Entry } from '../gather/entries.ts';
import { clipOnStage } from '../gather/gathered.ts';
import { Part } from '../gather/part.tsx';
import { fileOf } from '../gather/uploading.ts';
import { Progress } from '../make/progress.tsx';
import { ProgressLine } from '../make/progress-line.tsx';
import { watched } from '../make/watching.ts';
import { words } from '../words/language.ts';
import { Told } from '../words/told.tsx';
import { toPlay } from './on-screen.ts';
import { Player } from './player.tsx';
import './stage.css';

/** Where everything that moves, moves: a place to drop, a clip, the work, the montage. */
export function Stage() {
  return (
    <section class="stage" id="stage" aria-label={words.value.stage} tabIndex={-1}>
      <Shown />
    </section>
  );
}

function Shown() {
  const job = watched.value;
  if (job && !job.gone && toPlay.value !== null)
    return (
      <>
        <Player key={job.job} job={job.job} />
        <ProgressLine shown={job} />
      </>
    );
  if (job) return <Progress shown={job} />;
  return clipOnStage.value ? <ClipShown /> : <DropZone />;
}

/** Why a clip isn't seen: Montage can't use it either, or only this browser can't show it. */
function WhyNot({ entry: { name, stored } }: { entry: Entry<Clip> }) {
  const said = words.value;
  if (stored?.found.state !== 'rejected') return <p>{said.cantPlayHere(name)}</p>;
  return (
    <p>
      {said.cantUse}: <Told sentence={stored.found.reason} />
    </p>
  );
}

/** The clip that is chosen, from the file while the page has it, else from the store. */
function ClipShown() {
  const entry = clipOnStage.value;
  const id = entry?.id ?? '';
  const stored = entry?.stored?.key ?? null;
  const file = entry?.upload ? fileOf(entry.upload.id) : null;
  const [address, setAddress] = useState<string | null>(null);
  const [hasFailed, setFailed] = useState(false);
  const [length, setLength] = useState<number | null>(null);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    setFailed(false);
    setLength(null);
    if (!file) {
      setAddress(stored === null ? null : pathOf('findMedia', { parameters: { bucket: 'input', key: stored } }));
      return;
    }
    const own = URL.createObjectURL(file);
    setAddress(own);
    return () => URL.revokeObjectURL(own);
  }, [id, file, file ? null : stored]);
  if (!entry) return null;
  const known = entry.stored?.found.state === 'ready' ? entry.stored.found.durationSeconds : length;
  return (
    <figure class="clip-shown">
      {address && !hasFailed && (
        // biome-ignore lint/a11y/useMediaCaption: nobody has written down what is said in a person's clips.
        <video
          key={address}
          ref={video}
          src={address}
          aria-label={entry.name}
          controls
          playsInline
          preload="metadata"
          onLoadedMetadata={({ currentTarget }) => setLength(currentTarget.duration)}
          onError={() => setFailed(true)}
        />
      )}
      {hasFailed && <WhyNot entry={entry} />}
      <figcaption>{entry.name}</figcaption>
      {known !== null && Number.isFinite(known) && (
        <Part key={id} id={id} name={entry.name} video={video} durationSeconds={known} />
      )}
    </figure>
  );
}
