import type { Why, WhyHere, WhyShot } from '../../../../shared/why.ts';

type Section = NonNullable<Extract<WhyHere, { kind: 'start' }>['opens']>;

const SECTIONS: Readonly<Record<Section, readonly [the: string, withThe: string]>> = {
  intro: ['das Intro', 'dem Intro'],
  verse: ['die Strophe', 'der Strophe'],
  build: ['der Aufbau', 'dem Aufbau'],
  drop: ['der Drop', 'dem Drop'],
  break: ['die Pause', 'der Pause'],
  outro: ['das Outro', 'dem Outro'],
};
const MOTION = { calm: 'ein ruhiger', unhurried: 'ein gemächlicher', lively: 'ein lebhafter' };
const MUSIC = {
  quiet: 'so leise wie die Musik',
  'in between': 'im Schritt mit der Musik',
  intense: 'so stark wie die Musik',
};

/** Why a cut is where it is. */
export function germanHere(here: NonNullable<Why['here']>): string {
  switch (here.kind) {
    case 'start':
      return `eröffnet die Montage${here.opens ? ` mit ${SECTIONS[here.opens][1]}` : ''}`;
    case 'beat':
      return `${beat(here)}${held(here.toEnd)}`;
    case 'half beat':
      return `auf dem halben Schlag${held(here.toEnd)}`;
    case 'between beats':
      return `${here.opens ? `wo ${SECTIONS[here.opens][0]} beginnt` : 'zwischen den Schlägen, wo die Musik Platz lässt'}${held(here.toEnd)}`;
    case 'moved':
      return 'du hast ihn hierher verschoben';
  }
}

function beat({ downbeat, phrase, opens }: Extract<WhyHere, { kind: 'beat' }>): string {
  if (phrase && !(downbeat && opens)) return 'auf der Eins einer neuen Phrase';
  const begins = opens ? `, mit ${downbeat ? 'der' : 'dem'} ${SECTIONS[opens][0]} beginnt` : '';
  return `auf ${downbeat ? 'der Eins' : 'dem Schlag'}${begins}`;
}

const held = (toEnd: boolean) => (toEnd ? ', gehalten bis zum Schluss' : '');

/** Why it shows what it shows. */
export function germanShot(shot: WhyShot, file: string): string {
  switch (shot.kind) {
    case 'motion':
      return shot.most ? `die Einstellung mit der meisten Bewegung in ${file}` : `ein lebhafter Moment aus ${file}`;
    case 'width':
      return shot.most ? `die weiteste Ansicht in ${file}` : `eine weite Ansicht aus ${file}`;
    case 'symmetry':
      return shot.most ? `die symmetrischste Einstellung aus ${file}` : `eine symmetrische Einstellung aus ${file}`;
    case 'sharpness':
      return shot.most ? `die schärfste Einstellung aus ${file}` : `ein gestochen scharfer Moment aus ${file}`;
    case 'pace':
      return `${MOTION[shot.motion]} Moment aus ${file}, ${MUSIC[shot.music]}`;
    case 'fits between':
      return `der Moment aus ${file}, der am besten zwischen seine Nachbarn passt`;
    case 'wanted':
      return `du willst ${file} sehen`;
    case 'chosen':
      return `du hast diesen Moment aus ${file} gewählt`;
    case 'locked':
      return `du hast diesen Moment aus ${file} gesperrt`;
  }
}
