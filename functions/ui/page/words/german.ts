import { clock } from '../clock.ts';
import { rounded, type TimeLeft } from '../make/time-left.ts';
import type { StillToCome } from '../play/still-to-come.ts';
import type { Words } from './english.ts';
import { germanSentences } from './german-sentences.ts';
import { germanStyle } from './german-style.ts';
import { germanHere, germanShot } from './german-why.ts';
import { fieldName, valueName } from './style-words.ts';

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
const thousandths = (number: number) => String(Math.round(number * 1000) / 1000).replace('.', ',');
const level = (decibels: number) => decibels.toFixed(1).replace('-', '−').replace('.', ',');
const span = (seconds: number) => {
  const { value, unit } = rounded(seconds);
  return `${value} ${unit === 'min' ? 'Min.' : 's'}`;
};

const counted = (by: number, one: string, many: string) => count(Math.abs(by), one, many);
const beats = (number: number) => {
  const half = number % 1 === 0 ? '' : '½';
  return `${number < 1 ? '' : Math.floor(number)}${half} ${number > 1 ? 'Schläge' : 'Schlag'}`;
};

const toCome: Readonly<Record<StillToCome, string>> = {
  look: 'der Look',
  'whip pans': 'die Reißschwenks',
  'filled edges': 'die weichen Ränder neben Bildern anderer Form',
  'clip sound': 'der Ton der Clips',
};

/** Everything that the page says, in German. */
export const german: Words = {
  sentences: germanSentences,
  name: 'Deutsch',
  language: 'Sprache',
  skip: 'Zur Bühne springen',
  set: 'Clip-Sammlung',
  newSet: 'Neue Sammlung',
  setName: 'Name der Sammlung',
  setPlaceholder: 'heißt wie der Ordner',
  myClips: (day) => `Meine Clips ${day}`,
  badSetName: 'Eine Sammlung braucht einen Namen ohne „/“, mit höchstens 100 Zeichen, und nicht „styles“ oder „luts“.',
  history: 'Verlauf',
  theme: 'Aussehen',
  themes: { system: 'Auto', light: 'Hell', dark: 'Dunkel' },
  keys: 'Tasten',
  forOperator: 'Wie es Montage selbst geht',
  close: 'Schließen',
  newMontage: 'Neue Montage',

  stage: 'Bühne',
  drop: 'Clips und einen Song hier ablegen',
  dropHint: 'Auch ganze Ordner, irgendwo auf der Seite. Nichts verlässt dein eigenes Montage.',
  tryDemo: 'Mit unseren Clips und unserem Song ausprobieren',
  demoAwaited: (made: number, of: number) =>
    `Unsere Clips und der Song entstehen gerade, ${made} von ${of} bisher: Sie erscheinen dann hier. Was für jemanden gemacht wird, geht vor.`,
  dropNow: 'Loslassen, um sie hinzuzufügen',
  pick: 'Dateien wählen',
  pickFolder: 'Ordner wählen',
  addMore: 'Clips oder Song hinzufügen',
  notTaken: (names) =>
    names.length === 1
      ? `${names[0]} ist weder Clip noch Song.`
      : `${names.length} Dateien sind weder Clip noch Song: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`,
  added: (clips, songs) =>
    `Hinzugefügt: ${[clips > 0 ? count(clips, 'Clip', 'Clips') : '', songs > 0 ? count(songs, 'Song', 'Songs') : ''].filter(Boolean).join(' und ')}.`,
  cantPlayHere: (name) => `Dieser Browser kann ${name} nicht zeigen. Montage liest die Datei trotzdem.`,

  clips: 'Clips',
  clipsSum: (clips, seconds, shots) =>
    `${count(clips, 'Clip', 'Clips')}${seconds > 0 ? ` · ${clock(seconds)}` : ''}${shots > 0 ? ` · ${count(shots, 'Einstellung', 'Einstellungen')}` : ''}`,
  noClips: 'Noch keine Clips.',
  waiting: 'Wartet aufs Senden',
  sending: (percent) => `Wird gesendet, ${percent} %`,
  finishing: 'Angekommen, wird geprüft',
  paused: (percent) => (percent > 0 ? `Angehalten bei ${percent} %` : 'Angehalten'),
  wanted: (name, percent) =>
    percent > 0
      ? `Lege ${name} noch einmal ab, dann geht es bei ${percent} % weiter.`
      : `Lege ${name} noch einmal ab, um die Datei zu senden.`,
  pauseSending: (name) => `Senden anhalten: ${name}`,
  pauseShort: 'Anhalten',
  goOn: (name) => `Weiter senden: ${name}`,
  goOnShort: 'Weiter',
  pauseAll: 'Alle anhalten',
  goOnWithAll: 'Mit allen weiter',
  readAgain: 'Dateien wieder lesen lassen',
  goesOn: (files) => `Es geht weiter mit ${files === 1 ? 'einer Datei' : `${files} Dateien`}.`,
  empty: (names) =>
    names.length === 1
      ? `${names[0]} ist leer: da gibt es nichts zu senden.`
      : `${names.length} Dateien sind leer: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`,
  retrying: 'Die Verbindung ist abgebrochen. Neuer Versuch.',
  sent: 'Gesendet',
  looking: 'Sucht Einstellungen',
  shots: (number) => count(number, 'Einstellung', 'Einstellungen'),
  cantUse: 'Nicht verwendbar',
  fileChanged: (name) => `${name} hat sich beim Senden geändert oder ist weg; lege die Datei noch einmal ab.`,
  remove: (name) => `Entfernen: ${name}`,
  removeShort: 'Entfernen',
  tryAgain: (name) => `Noch einmal senden: ${name}`,
  tryAgainShort: 'Noch einmal senden',
  leaveOut: (name) => `Weglassen: ${name}`,
  leaveOutShort: 'Weglassen',
  takeIn: (name) => `Wieder verwenden: ${name}`,
  takeInShort: 'Wieder verwenden',
  leftOut: 'Weggelassen',
  partOf: (name) => `Was von ${name} verwendet wird`,
  partFrom: 'Verwenden ab',
  partTo: 'Verwenden bis',
  partFromHere: 'Hier anfangen',
  partToHere: 'Hier aufhören',
  allOfIt: 'Alles davon',
  mustBeSeen: 'Muss vorkommen',
  onlyPart: (from, to) => (to === null ? `nur ab ${clock(from)}` : `nur ${clock(from)} – ${clock(to)}`),
  light: (name) => `Zeigen, wo ${name} vorkommt`,
  look: (name) => `${name} auf der Bühne zeigen`,
  pausedByNetwork: 'Keine Verbindung zu Montage. Das Senden geht von selbst weiter, sobald sie wieder da ist.',

  song: 'Song',
  noSong: 'Noch kein Song.',
  listening: 'Hört zu',
  tempo: (beats) => (beats > 0 ? `${Math.round(beats)} Schläge pro Minute` : 'kein fester Takt'),
  sections: { intro: 'Intro', verse: 'Strophe', build: 'Aufbau', drop: 'Drop', break: 'Pause', outro: 'Outro' },
  fitsBest: 'Der am besten passt',
  fitsBestHint: 'dessen Länge der der Clips am nächsten ist',
  waveform: (sections) => `Wie laut der Song ist, mit ${count(sections, 'Abschnitt', 'Abschnitten')}`,

  styles: 'Stil',
  stylesHint: 'Die Balken sind die Schnitte ein und desselben Songs: je schmaler und höher, desto schneller.',
  previewsHint: 'Die Bilder: dieselben Clips und derselbe Song in jedem Stil.',
  style: {
    action: ['Action', 'Explosiv, schnell, im Takt eines Blockbusters'],
    cinema_trailer: ['Kinotrailer', 'Dramatischer Aufbau bis zum heftigen Höhepunkt'],
    cinematic_epic: ['Kino-Epos', 'Farben in Folge, ein Tempo, das zum Höhepunkt anschwillt'],
    documentary: ['Dokumentation', 'Beobachtend, natürliches Tempo, kaum Effekte; die Clips sind leise zu hören'],
    dynamic: ['Dynamisch', 'Folgt der Musik: lang, wo sie leise ist, schnell, wo sie losbricht'],
    gaming: ['Gaming', 'Die besten Momente am Stück'],
    hitchcock: ['Hitchcock', 'Lange Einstellungen bauen Spannung auf, am Höhepunkt schnelle Schnitte'],
    minimalist: ['Minimalistisch', 'Sehr lange Einstellungen, besinnlich'],
    mtv: ['MTV', 'Alle ein, zwei Schläge ein Schnitt, viel Energie'],
    podcast_highlight: ['Podcast-Ausschnitt', 'Sprache zuerst: ruhige Schnitte, die Musik tritt zurück'],
    preview: ['Vorschau', 'Ein schneller Blick: rasche Schnitte, keine Effekte'],
    sport: ['Sport', 'Action geht vor'],
    travel: ['Reise', 'Landschaft, fließend, viele Orte'],
    tutorial: ['Anleitung', 'Klare, längere Schnitte; was in den Clips gesagt wird, bleibt vorn'],
    viral: ['Viral', 'Ultraschnell, so viel Energie wie möglich'],
    vlog: ['Vlog', 'Persönlich und sprunghaft; was in den Clips gesagt wird, bleibt vorn'],
    wedding: ['Hochzeit', 'Romantisch und ohne Eile, weiche Überblendungen'],
    wes_anderson: ['Wes Anderson', 'Symmetrisch, verspielt, gemessen'],
  },

  tune: (name) => `${name} fein einstellen`,
  tuneBack: 'Wie der Stil selbst',
  tuned: (set) =>
    Object.entries(set)
      .map(([path, value]) => `${fieldName(germanStyle, path)} ${valueName(germanStyle, value)}`)
      .join(', ') || 'der Stil, wie er ist',
  styleWords: germanStyle,

  format: 'Format',
  formats: {
    auto: 'Wie die meisten Clips',
    landscape: 'Quer 16:9',
    vertical: 'Hoch 9:16',
    square: 'Quadrat 1:1',
    source: 'Wie die Clips',
  },
  quality: 'Qualität',
  qualityOf: (name, long, short) => `${name} · ${long} × ${short}`,
  qualities: { preview: 'Vorschau', standard: 'Standard', high: 'Hoch, mit mehr Sorgfalt', master: 'Master' },
  length: 'Länge',
  lengthPlaceholder: 'wie der Song',
  lengthHint: (least, most) => `90 oder 1:30; von ${least} bis ${most} Sekunden.`,
  more: 'Mehr',
  title: 'Titel',
  seed: 'Startzahl',
  seedHint: (most) => `Eine ganze Zahl bis ${most}; andere Zahl, anderer Schnitt.`,
  create: 'Montage erstellen',
  creating: 'Wird angefordert',
  willCreate: (files) =>
    `Beginnt, wenn ${files === 1 ? 'die letzte Datei' : `die letzten ${files} Dateien`} gesendet ${files === 1 ? 'ist' : 'sind'}.`,
  dontCreate: 'Nicht beginnen',
  couldNotSend: (name) =>
    `${name} wurde nicht gesendet, darum wurde nichts begonnen. Sende die Datei noch einmal oder entferne sie.`,
  missing: {
    'clips and song': 'Füge zuerst Clips und einen Song hinzu.',
    clips: 'Füge zuerst mindestens einen Clip hinzu.',
    'usable clips': 'Keiner dieser Clips ist verwendbar: Füge einen anderen hinzu.',
    song: 'Füge zuerst einen Song hinzu.',
    style: 'So lässt sich der Stil nicht einstellen.',
    length: 'Die Länge ist nicht lesbar.',
    seed: 'Die Startzahl ist keine mögliche Zahl.',
  },

  states: {
    waiting: 'Wartet, bis alle Clips da sind',
    analysing: 'Sieht die Clips an und hört den Song',
    planning: 'Plant die Schnitte',
    rendering: 'Rendert',
    upscaling: 'Vergrößert die Bilder',
    assembling: 'Setzt alles zusammen',
    done: 'Fertig',
    failed: 'Gescheitert',
    cancelled: 'Abgebrochen',
  },
  clipsLooked: (done, all) => `${done} von ${count(all, 'Clip', 'Clips')} angesehen`,
  songHeard: (name) => `${name} gehört`,
  songHearing: (name) => `Hört ${name}`,
  segmentsMade: (done, all) => `${done} von ${count(all, 'Stück', 'Stücken')} gerendert`,
  chunksMade: (done, all) => `${done} von ${count(all, 'Stück', 'Stücken')} vergrößert`,
  left: ({ least, most }: TimeLeft, isUpscaling) => {
    const [from, to] = [rounded(least), rounded(most)];
    const what = isUpscaling ? 'Vergrößern' : 'Rendern';
    if (from.value === to.value && from.unit === to.unit) return `Noch etwa ${span(most)} ${what}`;
    return from.unit === to.unit
      ? `Noch ${from.value}–${span(most)} ${what}`
      : `Noch ${span(least)} bis ${span(most)} ${what}`;
  },
  cancel: 'Abbrechen',
  cancelled: 'Abgebrochen. Deine Clips und der Song sind noch da.',
  retry: 'Noch einmal versuchen',
  leftOutBecause: (number) => `${count(number, 'Clip wurde', 'Clips wurden')} weggelassen`,
  connectionLost: 'Keine Verbindung zu Montage. Die Arbeit geht weiter; dieser Stand kann alt sein.',
  noSuchJob: (job) => `Es gibt hier keine Montage ${job}.`,
  deleted: 'Diese Montage wurde gelöscht.',
  loading: 'Fragt Montage',

  player: 'Montage',
  play: 'Abspielen',
  pause: 'Anhalten',
  mute: 'Stumm schalten',
  unmute: 'Ton einschalten',
  fullScreen: 'Vollbild',
  position: 'Stelle',
  at: (now, whole) => `${now} von ${whole}`,
  speed: (times) => `${times} ×`,
  cuts: 'Schnitte',
  cutsSum: (cuts, seconds) => `${count(cuts, 'Schnitt', 'Schnitte')} in ${clock(seconds)}`,
  cut: (number, all, at, source, length, locked) =>
    [`Schnitt ${number} von ${all}`, at, source, length ? beats(length) : '', locked ? 'gesperrt' : '']
      .filter(Boolean)
      .join(', '),
  fromTo: (from, to) => `${from} bis ${to} des Clips`,
  checked: (lufs, peak) => `An der Datei gemessen: ${level(lufs)} LUFS, Spitze ${level(peak)} dB.`,
  openCut: (number, all) => `Schnitt ${number} von ${all}`,
  whyHere: 'Warum hier',
  becauseHere: germanHere,
  becauseShot: germanShot,
  whyThisShot: 'Warum diese Einstellung',
  cameSecond: 'Was danach kam',
  nothingSecond: 'Nichts anderes kam in die Nähe.',
  swapFor: (place) => `stattdessen zeigen, Nummer ${place}`,
  noPicture: 'Dieser Browser kann den Clip nicht zeigen.',
  slipHint: 'Zieh das Bild, um einen früheren oder späteren Moment derselben Einstellung zu zeigen.',
  slipPicture: (source, at) => `Das erste Bild des Schnitts: ${source} bei ${at}`,
  lock: 'Sperren',
  unlock: 'Entsperren',
  takeOut: 'Herausnehmen',
  beatEarlier: 'Einen Schlag früher',
  beatLater: 'Einen Schlag später',
  frameEarlier: 'Ein Bild früher',
  frameLater: 'Ein Bild später',
  slipBack: 'Einstellung ein Bild zurück',
  slipOn: 'Einstellung ein Bild vor',
  dragEdge:
    'Zieh die linke Kante, damit der Schnitt woanders beginnt: Sie rastet auf Schlägen ein, mit Alt auf Bildern.',
  planComing: 'Alle Schnitte werden neu geplant; ändere sie, wenn die neuen da sind.',
  undone: 'Rückgängig gemacht',
  redone: 'Wiederhergestellt',
  wentBack: 'Zurückgegangen',
  redo: 'Wiederherstellen',
  changeBeingPlanned: 'Wird geplant',
  changesWaiting: (number) => count(number, 'weitere Änderung wartet', 'weitere Änderungen warten'),
  changesKept:
    'Keine Verbindung zu Montage. Deine Änderungen bleiben hier und werden gesendet, sobald sie wieder da ist.',
  changedMeanwhile:
    'Jemand anders hat diese Montage inzwischen geändert, darum wurde deine Änderung nicht gemacht. Dies ist der andere Stand.',
  doMineAgain: 'Meine noch einmal machen',
  leaveTheirs: 'So lassen',
  changed: (change, styleName) => {
    if (change.kind === 'replan') return german.ordered(change.order, styleName);
    const name = `Schnitt ${change.cut + 1}`;
    switch (change.kind) {
      case 'swap':
        return `${name}: anderer Moment`;
      case 'lock':
        return `${name}: ${change.locked ? 'gesperrt' : 'entsperrt'}`;
      case 'remove':
        return `${name}: herausgenommen`;
      case 'move':
        return `${name}: ${change.unit === 'frames' ? counted(change.by, 'Bild', 'Bilder') : counted(change.by, 'Schlag', 'Schläge')} ${change.by < 0 ? 'früher' : 'später'}`;
      case 'slip':
        return `${name}: ${counted(change.frames, 'Bild', 'Bilder')} ${change.frames < 0 ? 'zurück' : 'vor'} im Clip`;
    }
  },
  ordered: ({ style, set, durationSeconds, format, quality, upscale, seed, title }, styleName) =>
    [
      style !== undefined && styleName(style),
      set && (style === undefined || Object.keys(set).length > 0) && german.tuned(set),
      durationSeconds !== undefined && clock(durationSeconds),
      format && german.formats[format],
      quality && german.qualities[quality],
      upscale !== undefined && (upscale ? `vergrößert ×${upscale.scale} mit ${upscale.model}` : 'nicht vergrößert'),
      title !== undefined && (title ? `Titel „${title}“` : 'ohne Titel'),
      seed !== undefined && `Startzahl ${seed}`,
    ]
      .filter(Boolean)
      .join(', ') || 'neu geplant',

  before: 'Vorher',
  beforeHint: 'Alles, was diese Montage einmal war. Zurückzugehen verliert nichts.',
  firstPlan: 'wie zuerst geplant',
  version: (number) => `Fassung ${number}`,
  moreChanges: (number) => `und ${count(number, 'weitere Änderung', 'weitere Änderungen')}`,
  versionNow: 'wird gezeigt',
  versionFrom: (number) => `aus Fassung ${number}`,
  versionUnplanned: 'wurde nie geplant',
  versionUnfinished: 'nicht zu Ende gerendert',
  goBack: 'Zurück',
  goBackTo: (number) => `Zurück zu Fassung ${number}`,
  downloadVersion: (number) => `Video (mp4) der Fassung ${number}`,
  downloadShort: 'Video (mp4)',
  compare: 'Nebeneinander',
  compareVersion: (number) => `Nebeneinander: Fassung ${number}`,
  compareHint: 'Wähle zwei fertige, um sie nebeneinander zu sehen.',
  compareAnother: 'Wähle noch eine, um sie daneben zu sehen.',
  sideBySide: (left, right) => `Fassungen ${left} und ${right} nebeneinander`,
  soundOfLeft: 'der Ton ist von dieser',
  endCompare: 'Beenden',
  downloadsOlder: 'der Fassung davor',
  downloadsMeanwhile: 'der Fassung davor; die neue wird gerade gemacht',

  makeItSo: 'So machen',
  makeItSoWords: (order, locked) =>
    `Diese Montage als: ${order}. ${locked > 0 ? `${count(locked, 'gesperrter Schnitt bleibt', 'gesperrte Schnitte bleiben')}.` : 'Kein Schnitt ist gesperrt, also werden alle neu geplant.'}`,
  isThisStyle: 'diese Montage',

  download: 'Mitnehmen',
  downloads: { 'montage.mp4': 'Video (mp4)', 'montage.otio': 'Schnitt (otio)', 'report.json': 'Bericht (json)' },
  share: 'Link zum Teilen',
  shareHint: 'Wer den Link hat, sieht diese Montage, wie sie jetzt ist, und sonst nichts.',
  shareFor: 'Er gilt',
  shareDurations: { 24: 'einen Tag', 168: 'eine Woche', 720: 'einen Monat', 8760: 'ein Jahr' },
  makeLink: 'Link erstellen',
  makingLink: 'Der Link wird erstellt',
  newLink: 'Der neue Link',
  shownOnce: 'Er steht nur jetzt hier: vor dem Schließen kopieren.',
  copy: 'Kopieren',
  copied: 'Kopiert.',
  copyByHand: 'Er ist markiert: mit Strg+C oder ⌘C kopieren.',
  links: 'Links, die gelten',
  noLinks: 'Noch führt kein Link hierher.',
  linkMade: (when) => `erstellt ${when}`,
  linkUntil: (when) => `Bis ${when}`,
  linkOlder: 'zeigt eine ältere Fassung',
  revoke: 'Widerrufen',
  revokeLink: (made) => `Den Link widerrufen, der ${made} erstellt wurde`,
  revoked: 'Widerrufen. Dieser Link führt nirgends mehr hin.',
  guestTitle: 'Eine Montage',
  guestDownload: 'Video herunterladen',
  guestUntil: (when) => `Dieser Link gilt bis ${when}.`,
  guestGone:
    'Dieser Link führt nirgends hin: Er ist abgelaufen oder wurde widerrufen. Wer ihn geschickt hat, kann einen neuen schicken.',
  guestLoading: 'Die Montage wird geholt',

  playFailed: 'Das Video kann hier nicht abgespielt werden. Mitnehmen lässt es sich trotzdem.',
  playsOnceRendered: 'läuft, sobald es gerendert ist',
  songOnceFinished: (name) => `Dieser Browser kann ${name} nicht abspielen. Zu hören ist es in der fertigen Montage.`,
  pictureOf: (width, height, perSecond) => `${width} × ${height}, ${thousandths(perSecond)} Bilder in der Sekunde`,
  stillToCome: (what) => `Kommt noch: ${what.map((each) => toCome[each]).join(', ')}.`,

  older: 'Ältere',
  noHistory: 'Noch wurde nichts gemacht.',
  montageOf: (set, style) => `${set}, ${style}`,
  delete: (name) => `Löschen: ${name}`,
  deleteShort: 'Löschen',
  willDelete: (name) => `${name} wird gelöscht.`,
  undo: 'Rückgängig',

  actions: {
    play: 'Abspielen oder anhalten',
    backwards: 'Rückwärts, noch einmal für schneller',
    pause: 'Anhalten',
    forwards: 'Abspielen, noch einmal für schneller',
    'frame back': 'Ein Bild zurück',
    'frame on': 'Ein Bild vor',
    'cut back': 'Zum Schnitt davor',
    'cut on': 'Zum nächsten Schnitt',
    start: 'Zum Anfang',
    end: 'Zum Ende',
    'full screen': 'Vollbild',
    mute: 'Stumm schalten, Ton einschalten',
    'open cut': 'Den Schnitt öffnen, der zu sehen ist',
    'close cut': 'Ihn schließen',
    'swap 1': 'Stattdessen den ersten anderen Moment zeigen',
    'swap 2': 'Den zweiten',
    'swap 3': 'Den dritten',
    'swap 4': 'Den vierten',
    lock: 'Den Schnitt sperren oder entsperren',
    'take out': 'Den Schnitt herausnehmen',
    'beat earlier': 'Den Schnitt einen Schlag früher beginnen',
    'beat later': 'Einen Schlag später',
    'frame earlier': 'Ein Bild früher',
    'frame later': 'Ein Bild später',
    'slip back': 'Seine Einstellung ein Bild zurück',
    'slip on': 'Seine Einstellung ein Bild vor',
    'part from here': 'Den Clip ab hier verwenden',
    'part to here': 'Den Clip bis hier verwenden',
    'must be seen': 'Der Clip muss vorkommen, oder nicht',
    'leave out': 'Den Clip weglassen oder wieder verwenden',
    undo: 'Rückgängig',
    redo: 'Wiederherstellen',
    before: 'Was sie vorher war',
    history: 'Verlauf',
    keys: 'Diese Liste',
  },
  keyNames: {
    ' ': 'Leertaste',
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    Home: 'Pos1',
    End: 'Ende',
    Escape: 'Esc',
    Enter: 'Enter',
    Delete: 'Entf',
    Backspace: '⌫',
    Shift: 'Umschalt',
    Ctrl: 'Strg/⌘',
  },

  signIn: 'Anmelden',
  signInFirst: 'Dieses Montage ist für alle, die sich anmelden.',
  notSignedIn:
    'Die Anmeldung hat nicht geklappt: Der Anbieter hat dich nicht hereingelassen, nicht geantwortet, oder es hat zu lange gedauert. Versuch es noch einmal.',
  sessionOver: 'Du bist nicht mehr angemeldet. Melde dich wieder an, dann geht hier alles weiter.',
  signInElsewhere: 'Das öffnet einen anderen Tab, damit hier alles bleibt. Komm danach in diesen zurück.',
  token: 'Token',
  orToken: 'Oder mit einem Token',
  tokenHint: 'Wer dieses Montage betreibt, hat einen für dich.',
  signInByToken: 'Mit dem Token anmelden',
  wrongToken: 'Dieser Token lässt niemanden herein: Er ist falsch, abgelaufen oder wurde zurückgenommen.',
  signedIn: 'Angemeldet',
  account: (name) => `Konto: ${name}`,
  signedInAs: (name) => `Du bist angemeldet als ${name}.`,
  signedInForAll: 'Du bist mit dem Token für alles angemeldet.',
  signOut: 'Abmelden',
  programToken: 'Token für Programme',
  programTokenHint: (days) =>
    `Damit sieht und tut die Befehlszeile, oder ein Programm von dir, was du kannst, ${days} Tage lang. Behandle ihn wie ein Passwort.`,
  makeToken: 'Token erstellen',
  newToken: 'Der neue Token',
  tokenUntil: (when) => `Bis ${when}.`,

  away: 'Montage antwortet nicht. Läuft es?',
};
