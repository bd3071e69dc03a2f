import type { SECTION_LABELS } from '../../../../shared/analysis.ts';
import type { Change, NewOrder } from '../../../../shared/edits/change.ts';
import type { JobStatus } from '../../../../shared/status.ts';
import type { StyleOverrides } from '../../../../shared/styles/overrides.ts';
import { hereInEnglish, shotInEnglish } from '../../../../shared/why.ts';
import type { Obstacle } from '../choose/order.ts';
import { clock } from '../clock.ts';
import type { Action } from '../keyboard.ts';
import { rounded, type TimeLeft } from '../make/time-left.ts';
import type { StillToCome } from '../play/still-to-come.ts';
import { englishStyle } from './english-style.ts';
import { fieldName, type StyleWords, valueName } from './style-words.ts';

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;
const level = (decibels: number) => decibels.toFixed(1).replace('-', '−');
const thousandths = (number: number) => String(Math.round(number * 1000) / 1000);
const span = (seconds: number) => {
  const { value, unit } = rounded(seconds);
  return `${value} ${unit}`;
};

const counted = (by: number, one: string, many: string) => count(Math.abs(by), one, many);
const beats = (number: number) => {
  const half = number % 1 === 0 ? '' : '½';
  return `${number < 1 ? '' : Math.floor(number)}${half} ${number > 1 ? 'beats' : 'beat'}`;
};

const toCome: Readonly<Record<StillToCome, string>> = {
  look: 'the look',
  'whip pans': 'whip pans',
  'filled edges': 'the blurred edges beside pictures of another shape',
  'clip sound': 'the clips’ own sound',
};

/** Everything that the page says, in English. The type of this is what another language must have. */
export const english = {
  /** What Montage says in sentences of its own, by the English ones (`sentence-said.ts`). */
  sentences: {} as Readonly<Record<string, string>>,
  name: 'English',
  language: 'Language',
  skip: 'Skip to the stage',
  set: 'Set of clips',
  newSet: 'New set',
  setName: 'Name of the set',
  setPlaceholder: 'named after the folder',
  myClips: (day: string) => `My clips ${day}`,
  badSetName: 'A set needs a name without “/”, of 100 characters at most, and not “styles” or “luts”.',
  history: 'History',
  theme: 'Appearance',
  themes: { system: 'Auto', light: 'Light', dark: 'Dark' },
  keys: 'Keys',
  forOperator: 'How Montage itself is doing',
  close: 'Close',
  newMontage: 'New montage',

  stage: 'Stage',
  drop: 'Drop clips and a song',
  dropHint: 'Folders too, anywhere on the page. Nothing leaves your own Montage.',
  tryDemo: 'Try it with our clips and song',
  demoAwaited: (made: number, of: number) =>
    `Our clips and song are being made, ${made} of ${of} so far, and will show up here. What is made for somebody goes first.`,
  dropNow: 'Let go to add them',
  pick: 'Pick files',
  pickFolder: 'Pick a folder',
  addMore: 'Add clips or a song',
  notTaken: (names: readonly string[]) =>
    names.length === 1
      ? `${names[0]} is neither a clip nor a song.`
      : `${count(names.length, 'file is', 'files are')} neither clip nor song: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`,
  added: (clips: number, songs: number) =>
    `Added: ${[clips > 0 ? count(clips, 'clip', 'clips') : '', songs > 0 ? count(songs, 'song', 'songs') : ''].filter(Boolean).join(' and ')}.`,
  cantPlayHere: (name: string) => `This browser can’t show ${name}. Montage reads it all the same.`,

  clips: 'Clips',
  clipsSum: (clips: number, seconds: number, shots: number) =>
    `${count(clips, 'clip', 'clips')}${seconds > 0 ? ` · ${clock(seconds)}` : ''}${shots > 0 ? ` · ${count(shots, 'shot', 'shots')}` : ''}`,
  noClips: 'No clips yet.',
  waiting: 'Waiting to be sent',
  sending: (percent: number) => `Sending, ${percent} %`,
  finishing: 'Arrived; being checked',
  paused: (percent: number) => (percent > 0 ? `Paused at ${percent} %` : 'Paused'),
  wanted: (name: string, percent: number) =>
    percent > 0 ? `Drop ${name} again to go on from ${percent} %.` : `Drop ${name} again to send it.`,
  pauseSending: (name: string) => `Pause sending: ${name}`,
  pauseShort: 'Pause',
  goOn: (name: string) => `Go on sending: ${name}`,
  goOnShort: 'Go on',
  pauseAll: 'Pause all',
  goOnWithAll: 'Go on with all',
  readAgain: 'Let the files be read again',
  goesOn: (files: number) => `Goes on with ${count(files, 'file', 'files')}.`,
  empty: (names: readonly string[]) =>
    names.length === 1
      ? `${names[0]} is empty: there is nothing to send.`
      : `${names.length} files are empty: ${names.slice(0, 3).join(', ')}${names.length > 3 ? ' …' : ''}`,
  retrying: 'The connection broke. Trying again.',
  sent: 'Sent',
  looking: 'Looking for shots',
  shots: (number: number) => count(number, 'shot', 'shots'),
  cantUse: 'Can’t be used',
  fileChanged: (name: string) => `${name} changed or went away while it was sent; drop it again.`,
  remove: (name: string) => `Remove: ${name}`,
  removeShort: 'Remove',
  tryAgain: (name: string) => `Send again: ${name}`,
  tryAgainShort: 'Send again',
  leaveOut: (name: string) => `Leave out: ${name}`,
  leaveOutShort: 'Leave out',
  takeIn: (name: string) => `Use again: ${name}`,
  takeInShort: 'Use again',
  leftOut: 'Left out',
  partOf: (name: string) => `What of ${name} is used`,
  partFrom: 'Use from',
  partTo: 'Use to',
  partFromHere: 'Start here',
  partToHere: 'End here',
  allOfIt: 'All of it',
  mustBeSeen: 'Must be seen',
  onlyPart: (from: number, to: number | null) =>
    to === null ? `only from ${clock(from)} on` : `only ${clock(from)} – ${clock(to)}`,
  light: (name: string) => `Show where ${name} is used`,
  look: (name: string) => `Show ${name} on the stage`,
  pausedByNetwork: 'No connection to Montage. Sending goes on by itself when it is back.',

  song: 'Song',
  noSong: 'No song yet.',
  listening: 'Listening',
  tempo: (beats: number) => (beats > 0 ? `${Math.round(beats)} beats a minute` : 'no steady beat'),
  sections: { intro: 'intro', verse: 'verse', build: 'build', drop: 'drop', break: 'break', outro: 'outro' } as Record<
    (typeof SECTION_LABELS)[number],
    string
  >,
  fitsBest: 'The one that fits best',
  fitsBestHint: 'whose length is nearest to that of the clips',
  waveform: (sections: number) => `How loud the song is, with its ${count(sections, 'section', 'sections')}`,

  styles: 'Style',
  stylesHint: 'The bars are the cuts of one and the same song: the narrower and taller, the faster.',
  previewsHint: 'The pictures: the same clips and song in each style.',
  style: {} as Readonly<Record<string, readonly [name: string, description: string]>>,

  tune: (name: string) => `Fine-tune ${name}`,
  tuneBack: 'As the style has it',
  tuned: (set: StyleOverrides): string =>
    Object.entries(set)
      .map(([path, value]) => `${fieldName(englishStyle, path)} ${valueName(englishStyle, value)}`)
      .join(', ') || 'the style as it is',
  styleWords: englishStyle as StyleWords,

  format: 'Format',
  formats: {
    auto: 'As most clips are',
    landscape: 'Landscape 16:9',
    vertical: 'Vertical 9:16',
    square: 'Square 1:1',
    source: 'As the clips',
  },
  quality: 'Quality',
  qualityOf: (name: string, long: number, short: number) => `${name} · ${long} × ${short}`,
  qualities: { preview: 'Preview', standard: 'Standard', high: 'High, with more care', master: 'Master' },
  length: 'Length',
  lengthPlaceholder: 'the song’s',
  lengthHint: (least: number, most: number) => `90 or 1:30; from ${least} to ${most} seconds.`,
  more: 'More',
  title: 'Title',
  seed: 'Seed',
  seedHint: (most: number) => `A whole number up to ${most}; another number, another edit.`,
  create: 'Create montage',
  creating: 'Asking for it',
  willCreate: (files: number) => `Starts when the last ${count(files, 'file is', 'files are')} sent.`,
  dontCreate: 'Don’t start',
  couldNotSend: (name: string) => `${name} was not sent, so nothing was started. Send it again or remove it.`,
  missing: {
    'clips and song': 'Add clips and a song first.',
    clips: 'Add at least one clip first.',
    'usable clips': 'None of these clips can be used: add another one.',
    song: 'Add a song first.',
    style: 'The style can’t be set so.',
    length: 'The length can’t be read.',
    seed: 'The seed is no number that can be.',
  } as Record<Obstacle, string>,

  states: {
    waiting: 'Waiting until all clips are there',
    analysing: 'Looking at the clips and listening to the song',
    planning: 'Planning the cuts',
    rendering: 'Rendering',
    upscaling: 'Making the pictures larger',
    assembling: 'Putting it together',
    done: 'Done',
    failed: 'Failed',
    cancelled: 'Cancelled',
  } as Record<JobStatus['state'], string>,
  clipsLooked: (done: number, all: number) => `${done} of ${count(all, 'clip', 'clips')} looked at`,
  songHeard: (name: string) => `${name} heard`,
  songHearing: (name: string) => `Listening to ${name}`,
  segmentsMade: (done: number, all: number) => `${done} of ${count(all, 'piece', 'pieces')} rendered`,
  chunksMade: (done: number, all: number) => `${done} of ${count(all, 'piece', 'pieces')} made larger`,
  left: ({ least, most }: TimeLeft, isUpscaling: boolean) => {
    const [from, to] = [rounded(least), rounded(most)];
    const what = isUpscaling ? 'making the pictures larger' : 'rendering';
    if (from.value === to.value && from.unit === to.unit) return `About ${span(most)} left for ${what}`;
    return from.unit === to.unit
      ? `${from.value}–${to.value} ${to.unit} left for ${what}`
      : `${span(least)} to ${span(most)} left for ${what}`;
  },
  cancel: 'Cancel',
  cancelled: 'Cancelled. Your clips and the song are still here.',
  retry: 'Try again',
  leftOutBecause: (number: number) => `${count(number, 'clip was', 'clips were')} left out`,
  connectionLost: 'No connection to Montage. The work goes on; this picture of it may be old.',
  noSuchJob: (job: string) => `There is no montage ${job} here.`,
  deleted: 'This montage was deleted.',
  loading: 'Asking Montage',

  player: 'Montage',
  play: 'Play',
  pause: 'Pause',
  mute: 'Mute',
  unmute: 'Unmute',
  fullScreen: 'Full screen',
  position: 'Position',
  at: (now: string, whole: string) => `${now} of ${whole}`,
  speed: (times: number) => `${times} ×`,
  cuts: 'Cuts',
  cutsSum: (cuts: number, seconds: number) => `${count(cuts, 'cut', 'cuts')} in ${clock(seconds)}`,
  cut: (number: number, all: number, at: string, source: string, length: number | null, locked: boolean) =>
    [`Cut ${number} of ${all}`, at, source, length ? beats(length) : '', locked ? 'locked' : '']
      .filter(Boolean)
      .join(', '),
  fromTo: (from: string, to: string) => `${from} to ${to} of the clip`,
  checked: (lufs: number, peak: number) => `Measured on the file: ${level(lufs)} LUFS, peak ${level(peak)} dB.`,
  openCut: (number: number, all: number) => `Cut ${number} of ${all}`,
  whyHere: 'Why here',
  becauseHere: hereInEnglish,
  becauseShot: shotInEnglish,
  whyThisShot: 'Why this shot',
  cameSecond: 'What came second',
  nothingSecond: 'Nothing else came near.',
  swapFor: (place: number) => `show this instead, number ${place}`,
  noPicture: 'This browser can’t show this clip.',
  slipHint: 'Drag the picture to show an earlier or a later moment of the same shot.',
  slipPicture: (source: string, at: string) => `The cut’s first picture: ${source} at ${at}`,
  lock: 'Lock',
  unlock: 'Unlock',
  takeOut: 'Take out',
  beatEarlier: 'A beat earlier',
  beatLater: 'A beat later',
  frameEarlier: 'A frame earlier',
  frameLater: 'A frame later',
  slipBack: 'Shot a frame back',
  slipOn: 'Shot a frame on',
  dragEdge: 'Drag the left edge to have the cut start elsewhere: it snaps to beats, with Alt to frames.',
  planComing: 'All cuts are being planned anew; change them when the new ones are there.',
  undone: 'Undone',
  redone: 'Done again',
  wentBack: 'Gone back',
  redo: 'Redo',
  changeBeingPlanned: 'Being planned',
  changesWaiting: (number: number) => `${count(number, 'more change waits', 'more changes wait')}`,
  changesKept: 'No connection to Montage. Your changes are kept here and sent when it is back.',
  changedMeanwhile: 'Somebody else has changed this montage meanwhile, so yours was not made. This is theirs.',
  doMineAgain: 'Do mine again',
  leaveTheirs: 'Leave it',
  changed: (change: Change, styleName: (id: string) => string): string => {
    if (change.kind === 'replan') return english.ordered(change.order, styleName);
    const name = `cut ${change.cut + 1}`;
    switch (change.kind) {
      case 'swap':
        return `${name}: another moment`;
      case 'lock':
        return `${name}: ${change.locked ? 'locked' : 'unlocked'}`;
      case 'remove':
        return `${name}: taken out`;
      case 'move':
        return `${name}: ${change.unit === 'frames' ? counted(change.by, 'frame', 'frames') : counted(change.by, 'beat', 'beats')} ${change.by < 0 ? 'earlier' : 'later'}`;
      case 'slip':
        return `${name}: ${counted(change.frames, 'frame', 'frames')} ${change.frames < 0 ? 'back' : 'on'} in its clip`;
    }
  },
  ordered: (
    { style, set, durationSeconds, format, quality, upscale, seed, title }: NewOrder,
    styleName: (id: string) => string,
  ): string =>
    [
      style !== undefined && styleName(style),
      set && (style === undefined || Object.keys(set).length > 0) && english.tuned(set),
      durationSeconds !== undefined && clock(durationSeconds),
      format && english.formats[format],
      quality && english.qualities[quality],
      upscale !== undefined && (upscale ? `upscaled ×${upscale.scale} by ${upscale.model}` : 'not upscaled'),
      title !== undefined && (title ? `title “${title}”` : 'no title'),
      seed !== undefined && `seed ${seed}`,
    ]
      .filter(Boolean)
      .join(', ') || 'planned anew',

  before: 'Before',
  beforeHint: 'Everything that this montage was. Going back to one loses nothing.',
  firstPlan: 'as first planned',
  version: (number: number) => `Version ${number}`,
  moreChanges: (number: number) => `and ${count(number, 'more change', 'more changes')}`,
  versionNow: 'shown now',
  versionFrom: (number: number) => `made of version ${number}`,
  versionUnplanned: 'was never planned',
  versionUnfinished: 'not rendered to its end',
  goBack: 'Go back',
  goBackTo: (number: number) => `Go back to version ${number}`,
  downloadVersion: (number: number) => `Video (mp4) of version ${number}`,
  downloadShort: 'Video (mp4)',
  compare: 'Side by side',
  compareVersion: (number: number) => `Side by side: version ${number}`,
  compareHint: 'Choose two that are finished to see them side by side.',
  compareAnother: 'Choose another one to see beside it.',
  sideBySide: (left: number, right: number) => `Versions ${left} and ${right} side by side`,
  soundOfLeft: 'the sound is this one’s',
  endCompare: 'End',
  downloadsOlder: 'of the version before',
  downloadsMeanwhile: 'of the version before; the new one is being made',

  makeItSo: 'Make it so',
  makeItSoWords: (order: string, locked: number) =>
    `This montage as: ${order}. ${locked > 0 ? `${count(locked, 'locked cut stays', 'locked cuts stay')}.` : 'No cut is locked, so all are planned anew.'}`,
  isThisStyle: 'this montage',

  download: 'Take along',
  downloads: { 'montage.mp4': 'Video (mp4)', 'montage.otio': 'Edit (otio)', 'report.json': 'Report (json)' } as Record<
    string,
    string
  >,
  share: 'Share link',
  shareHint: 'Whoever has the link sees this montage as it is now, and nothing else of yours.',
  shareFor: 'It lasts',
  shareDurations: { 24: 'a day', 168: 'a week', 720: 'a month', 8760: 'a year' } as Record<number, string>,
  makeLink: 'Make a link',
  makingLink: 'Making the link',
  newLink: 'The new link',
  shownOnce: 'It is shown only now: copy it before you close this.',
  copy: 'Copy',
  copied: 'Copied.',
  copyByHand: 'It is selected: press Ctrl+C or ⌘C to copy it.',
  links: 'Links that work',
  noLinks: 'No link leads here yet.',
  linkMade: (when: string) => `made ${when}`,
  linkUntil: (when: string) => `Until ${when}`,
  linkOlder: 'shows an older version',
  revoke: 'Revoke',
  revokeLink: (made: string) => `Revoke the link made ${made}`,
  revoked: 'Revoked. That link leads nowhere any more.',
  guestTitle: 'A montage',
  guestDownload: 'Download the video',
  guestUntil: (when: string) => `This link works until ${when}.`,
  guestGone: 'This link leads nowhere: it has expired, or was revoked. Ask whoever sent it for another one.',
  guestLoading: 'Asking for the montage',

  playFailed: 'The video can’t be played here. It can be taken along all the same.',
  playsOnceRendered: 'plays once it is rendered',
  songOnceFinished: (name: string) => `This browser can’t play ${name}. It is heard once the montage is finished.`,
  pictureOf: (width: number, height: number, perSecond: number) =>
    `${width} × ${height}, ${thousandths(perSecond)} frames a second`,
  stillToCome: (what: readonly StillToCome[]) => `Still to come: ${what.map((each) => toCome[each]).join(', ')}.`,

  older: 'Older ones',
  noHistory: 'Nothing was made yet.',
  montageOf: (set: string, style: string) => `${set}, ${style}`,
  delete: (name: string) => `Delete: ${name}`,
  deleteShort: 'Delete',
  willDelete: (name: string) => `${name} is being deleted.`,
  undo: 'Undo',

  actions: {
    play: 'Play or pause',
    backwards: 'Play backwards, again for faster',
    pause: 'Pause',
    forwards: 'Play, again for faster',
    'frame back': 'One frame back',
    'frame on': 'One frame on',
    'cut back': 'To the cut before',
    'cut on': 'To the next cut',
    start: 'To the start',
    end: 'To the end',
    'full screen': 'Full screen',
    mute: 'Mute or unmute',
    'open cut': 'Open the cut that is seen',
    'close cut': 'Close it',
    'swap 1': 'Show the first other moment instead',
    'swap 2': 'The second',
    'swap 3': 'The third',
    'swap 4': 'The fourth',
    lock: 'Lock the cut, or unlock it',
    'take out': 'Take the cut out',
    'beat earlier': 'Start the cut a beat earlier',
    'beat later': 'A beat later',
    'frame earlier': 'A frame earlier',
    'frame later': 'A frame later',
    'slip back': 'Its shot a frame back',
    'slip on': 'Its shot a frame on',
    'part from here': 'Use the clip from here',
    'part to here': 'Use the clip up to here',
    'must be seen': 'The clip must be seen, or need not be',
    'leave out': 'Leave the clip out, or take it in again',
    undo: 'Undo',
    redo: 'Redo',
    before: 'What it was before',
    history: 'History',
    keys: 'This list',
  } as Record<Action, string>,
  keyNames: {
    ' ': 'Space',
    ArrowLeft: '←',
    ArrowRight: '→',
    ArrowUp: '↑',
    ArrowDown: '↓',
    Home: 'Home',
    End: 'End',
    Escape: 'Esc',
    Enter: 'Enter',
    Delete: 'Del',
    Backspace: '⌫',
    Shift: 'Shift',
    Ctrl: 'Ctrl/⌘',
  } as Record<string, string>,

  signIn: 'Sign in',
  signInFirst: 'This Montage is for people who sign in.',
  notSignedIn:
    'You were not signed in: the provider did not let you in, did not answer, or it took too long. Try again.',
  sessionOver: 'You are not signed in any more. Sign in again, and everything here goes on.',
  signInElsewhere: 'This opens another tab, so that what is here stays. Come back to this one then.',
  token: 'Token',
  orToken: 'Or by a token',
  tokenHint: 'Whoever runs this Montage has one for you.',
  signInByToken: 'Sign in by token',
  wrongToken: 'This token lets nobody in: it is wrong, has expired, or was taken back.',
  signedIn: 'Signed in',
  account: (name: string) => `Account: ${name}`,
  signedInAs: (name: string) => `You are signed in as ${name}.`,
  signedInForAll: 'You are signed in by the token for everything.',
  signOut: 'Sign out',
  programToken: 'Token for programs',
  programTokenHint: (days: number) =>
    `With it the command line, or a program of yours, sees and does what you can, for ${days} days. Keep it as you would a password.`,
  makeToken: 'Make a token',
  newToken: 'The new token',
  tokenUntil: (when: string) => `Until ${when}.`,

  away: 'Montage does not answer. Is it running?',
};

/** What a language must have. */
export type Words = typeof english;
