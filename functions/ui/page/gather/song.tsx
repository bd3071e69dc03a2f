import { useEffect, useMemo, useState } from 'preact/hooks';
import type { MusicAnalysis } from '../../../../shared/analysis.ts';
import type { Song as StoredSong } from '../../../../shared/api/library.ts';
import { clock } from '../clock.ts';
import { playhead, row } from '../play/playing.ts';
import { client } from '../server.ts';
import { words } from '../words/language.ts';
import { Told } from '../words/told.tsx';
import { OnItsWay } from './clips.tsx';
import type { Entry } from './entries.ts';
import { songChosen, songEntries, songWanted } from './gathered.ts';
import { songLine } from './song-line.ts';
import { UploadButtons } from './upload-buttons.tsx';
import './song.css';

/** The song: one of all that are there, how loud it is over time, its bars and its sections. */
export function Song() {
  const said = words.value;
  const entries = songEntries.value;
  const wanted = songWanted.value;
  return (
    <section class="lane" aria-labelledby="song-title">
      <header class="lane-head">
        <h2 id="song-title">{said.song}</h2>
        {entries.length === 0 && <span class="quiet">{said.noSong}</span>}
      </header>
      {wanted?.stored?.found.state === 'ready' && <Line key={wanted.stored.etag} songKey={wanted.stored.key} />}
      {entries.length > 0 && (
        <fieldset class="songs">
          <legend class="unseen">{said.song}</legend>
          {entries.map((entry) => (
            <Choice key={entry.id} entry={entry} isChosen={wanted?.id === entry.id} />
          ))}
          {entries.length > 1 && (
            <div class="song">
              <label>
                <input
                  type="radio"
                  name="song"
                  checked={wanted === null}
                  onChange={() => {
                    songChosen.value = 'best';
                  }}
                />
                <span class="song-name">{said.fitsBest}</span>
                <span class="quiet">{said.fitsBestHint}</span>
              </label>
            </div>
          )}
        </fieldset>
      )}
    </section>
  );
}

function Choice({ entry: { id, name, upload, stored }, isChosen }: { entry: Entry<StoredSong>; isChosen: boolean }) {
  const said = words.value;
  const found = stored?.found;
  return (
    <div class="song">
      <label>
        <input
          type="radio"
          name="song"
          checked={isChosen}
          onChange={() => {
            songChosen.value = id;
          }}
        />
        <span class="song-name">{name}</span>
        {found?.state === 'ready' && (
          <span class="quiet numbers">
            {clock(found.durationSeconds)} · {said.tempo(found.tempo)}
          </span>
        )}
        {found?.state === 'pending' && <span class="quiet">{said.listening}</span>}
        {found?.state === 'rejected' && (
          <span>
            {said.cantUse}: <Told sentence={found.reason} />
          </span>
        )}
      </label>
      {upload && !stored && <OnItsWay upload={upload} name={name} />}
      {upload && !stored && <UploadButtons upload={upload} name={name} />}
    </div>
  );
}

/** What was heard in a song, drawn. */
function Line({ songKey }: { songKey: string }) {
  const said = words.value;
  const [music, setMusic] = useState<MusicAnalysis | null>(null);
  useEffect(() => {
    let isWanted = true;
    client
      .analysis('music', songKey)
      .then((found) => {
        if (isWanted && found?.kind === 'music') setMusic(found);
      })
      // Its length and tempo are said anyway.
      .catch(() => {});
    return () => {
      isWanted = false;
    };
  }, [songKey]);
  const line = useMemo(() => (music ? songLine(music) : null), [music]);
  if (!music || !line) return <div class="song-line" />;
  return (
    <div class="song-line">
      <svg
        viewBox="0 0 1000 100"
        preserveAspectRatio="none"
        role="img"
        aria-label={said.waveform(line.sections.length)}
      >
        <path class="loudness" d={line.outline} />
        {line.downbeats.map((at) => (
          <line key={at} class="downbeat" x1={at * 1000} x2={at * 1000} y1="82" y2="100" />
        ))}
      </svg>
      <ol class="sections">
        {line.sections.map(({ label, start, width }) => (
          <li key={start} style={{ '--start': start, '--width': width }}>
            {said.sections[label]}
          </li>
        ))}
      </ol>
      {row.value.length > 0 && <Heard seconds={music.durationSeconds} />}
    </div>
  );
}

/** Where the song is while the montage plays. */
const Heard = ({ seconds }: { seconds: number }) => (
  <div class="playhead" style={{ '--at': Math.min(1, playhead.value / seconds) }} />
);
