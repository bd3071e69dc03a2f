import type { OpsWords } from './english-ops.ts';

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

const amount = (jobs: number, objects: number, bytes: string) =>
  `${jobs > 0 ? `${count(jobs, 'Auftrag', 'Aufträge')} mit ${count(objects, 'Objekt', 'Objekten')}` : count(objects, 'Stück', 'Stücke')}, ${bytes}`;

/** Everything that the operator's page says, in German. */
export const germanOps: OpsWords = {
  title: 'Betrieb',
  loading: 'Wird angesehen …',
  asOf: (time) => `Stand ${time}`,
  forOperators: 'Diese Seite ist für die, die dieses Montage betreiben. Was dir gehört, ist auch ohne sie da.',
  toMontage: 'Zu deinen Clips und Montagen',
  none: 'keine',
  notCounted: 'wird gezählt',

  jobs: 'Aufträge',
  states: {
    waiting: 'warten auf Clips',
    analysing: 'in Analyse',
    planning: 'in Planung',
    rendering: 'im Rendern',
    upscaling: 'im Vergrößern',
    assembling: 'im Zusammenbau',
    done: 'fertig',
    failed: 'gescheitert',
    cancelled: 'abgebrochen',
  },

  work: 'Arbeit',
  stage: 'Stufe',
  waiting: 'Wartend',
  oldest: 'Längste Wartezeit',
  atWork: 'In Arbeit',
  holders: 'Wer daran arbeitet',

  functions: 'Funktionen',
  function: 'Funktion',
  replicas: 'Instanzen',
  coldStarts: 'Kaltstarts',
  lastColdStart: 'Dauer des letzten',
  neverStarted: (names) => `Bisher nicht gebraucht: ${names.join(', ')}.`,
  onCluster:
    'Die Funktionen von Montage haben keine Rechte in Kubernetes, deshalb sieht diese Seite sie nicht. Instanzen und Kaltstarts zeigt Grafana (knative/monitoring), und auch:',

  store: 'Speicher',
  bucket: 'Bucket',
  objects: 'Objekte',
  size: 'Größe',
  quota: 'Kontingent',
  quotaUsed: (percent, quota) => `${percent} von ${quota}`,
  free: (bytes) => `Auf der Platte sind ${bytes} frei.`,
  counted: (time) => `Gezählt um ${time}.`,

  failures: 'Letzte Fehler',
  noFailures: 'Nichts ist gescheitert.',
  deadLetter: 'Dead Letter',
  deadLetterMeans: 'Ein Dead Letter: Der Broker hat es versucht, bis auch sein letzter Versuch gescheitert ist.',
  retry: 'Noch einmal',
  retryOf: (name) => `Noch einmal versuchen: ${name}`,
  retrying: (name) => `${name} wird noch einmal versucht.`,
  retried: 'wurde noch einmal versucht',
  past: 'seitdem abgebrochen oder geändert',
  version: (number) => `Fassung ${number}`,

  lostCalls: 'Aufgegebene Aufrufe von Hooks',
  tries: (number) => count(number, 'Versuch', 'Versuche'),
  ofTest: 'ein Test',

  cleaning: 'Aufräumen',
  cleaningMeans:
    'Was offene Aufträge brauchen, bleibt immer. Gerenderte Stücke entstehen neu, wo sie gebraucht werden; ein gelöschter Auftrag ist weg, samt seiner Montage und den Links darauf.',
  kinds: { segments: 'Gerenderte Stücke im Cache', jobs: 'Aufträge, die fertig, gescheitert oder abgebrochen sind' },
  olderThan: 'älter als, in Tagen',
  look: 'Ansehen, was wegfiele',
  lookOf: (kind) => `Ansehen, was wegfiele: ${kind}`,
  counting: 'Wird gezählt …',
  nothingOld: 'Nichts ist so alt.',
  wouldGo: (jobs, objects, bytes) =>
    `${amount(jobs, objects, bytes)}, ${jobs > 0 ? 'wären endgültig weg' : 'fielen weg'}.`,
  clean: (jobs, objects) =>
    jobs > 0 ? `${count(jobs, 'Auftrag', 'Aufträge')} löschen` : `${count(objects, 'Stück', 'Stücke')} löschen`,
  cleaningNow: (jobs, objects, bytes) => `Wird gelöscht, bisher: ${amount(jobs, objects, bytes)} …`,
  cleaned: (jobs, objects, bytes) => `Gelöscht: ${amount(jobs, objects, bytes)}.`,
};
