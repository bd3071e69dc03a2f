/**
 * What Montage says in sentences of its own, in German: by the English sentence, with names for what is filled in. What is filled in may
 * be a sentence of these as well. A test compares them with those in the code.
 */
export const germanSentences: Readonly<Record<string, string>> = {
  // Of clips.
  'The clip has sound but no picture: use it as the music instead':
    'Der Clip hat Ton, aber kein Bild: Nimm ihn als Musik',
  'The clip has neither picture nor sound: take it out, or export it again as MP4 (H.264)':
    'Der Clip hat weder Bild noch Ton: Nimm ihn heraus, oder exportiere ihn noch einmal als MP4 (H.264)',
  "The clip's pictures can't be decoded ({codec}): export it as MP4 (H.264), without copy protection, and use that":
    'Die Bilder des Clips lassen sich nicht dekodieren ({codec}): Exportiere ihn als MP4 (H.264), ohne Kopierschutz, und nimm das',
  'The clip has a single picture: use one with at least {seconds} s of moving pictures':
    'Der Clip hat nur ein einziges Bild: Nimm einen mit mindestens {seconds} s bewegten Bildern',
  'The clip is {seconds} s long: use one of at least {least} s':
    'Der Clip ist {seconds} s lang: Nimm einen von mindestens {least} s',
  '{file} is empty (0 bytes): copy it again from where it came':
    '{file} ist leer (0 Bytes): Kopiere die Datei noch einmal von dort, wo sie herkommt',
  '{file} has no index, as when a recording or a copy was cut off: copy it again, or mend it with a video repair tool':
    '{file} hat kein Verzeichnis, wie wenn eine Aufnahme oder eine Kopie abbricht: Kopiere die Datei noch einmal, oder repariere sie mit einem Programm dafür',
  '{file} holds no video or sound that can be read, whatever its name says: export it as MP4 (H.264) and use that':
    '{file} enthält weder Bild noch Ton, die lesbar wären, was auch immer der Name sagt: Exportiere die Datei als MP4 (H.264) und nimm das',
  '{file} has no picture: take it out of the montage': '{file} hat kein Bild: Nimm den Clip aus der Montage',
  '{file} was {how} after the montage was begun: ask for the montage again':
    '{file} wurde {how}, nachdem die Montage begonnen hatte: Erstelle die Montage noch einmal',
  changed: 'geändert',
  'taken away': 'weggenommen',
  'Looking at it failed again and again{because}, so it was left out.':
    'Ihn anzusehen ist immer wieder gescheitert{because}, also fehlt er.',
  'Looking at it was begun {times} times and never finished, so it was left out.':
    'Ihn anzusehen wurde {times}-mal begonnen und nie fertig, also fehlt er.',

  // Of songs.
  'It is only {seconds} s long; choose a song of at least {least} s.':
    'Er ist nur {seconds} s lang; nimm einen Song von mindestens {least} s.',
  'It is longer than {hours} hours; choose a song, or the part of it that is needed.':
    'Er ist länger als {hours} Stunden; nimm einen Song, oder den Teil davon, der gebraucht wird.',
  'It is silent; choose a song that has sound.': 'Er ist still; nimm einen Song, der zu hören ist.',
  'It has no sound; choose a song as mp3, m4a, wav, flac or ogg.':
    'Er hat keinen Ton; nimm einen Song als mp3, m4a, wav, flac oder ogg.',
  "Its sound can't be read: the file is damaged or of an unknown kind; export it again as mp3, m4a or wav.":
    'Sein Ton ist nicht lesbar: Die Datei ist beschädigt oder von unbekannter Art; exportiere sie noch einmal als mp3, m4a oder wav.',

  // Of what was asked for.
  "{song} can't be used as the music: {reason}": '{song} kann nicht die Musik sein: {reason}',
  'None of the clips can be used ({file}: {reason}): add footage that shows something and order again':
    'Keiner der Clips ist verwendbar ({file}: {reason}): Füge Clips hinzu, die etwas zeigen, und erstelle die Montage noch einmal',
  'There is no clip that shows anything: add footage to the set and order again':
    'Kein Clip zeigt etwas: Füge der Sammlung Clips hinzu und erstelle die Montage noch einmal',
  'A montage of {asked} was asked for, but {song} lasts {length}: ask for less or choose longer music':
    'Gewünscht ist eine Montage von {asked}, aber {song} dauert {length}: Wünsch dir eine kürzere, oder nimm einen längeren Song',
  'The clips hold {held} to show, too little for the {asked} asked for: add clips{less}':
    'Die Clips haben {held} zu zeigen, zu wenig für die gewünschten {asked}: Füge Clips hinzu{less}',
  ' or ask for at most {seconds} s': ', oder wünsch dir höchstens {seconds} s',
  'Upscaled, the montage would have {width}×{height} pixels, more than it can be encoded with; order it with a smaller scale or quality':
    'Vergrößert hätte die Montage {width}×{height} Pixel, mehr als kodiert werden können; nimm eine kleinere Vergrößerung oder Qualität',
  '{cut} is locked, and its clip {file} is no longer used; unlock it':
    '{cut} ist gesperrt, und sein Clip {file} wird nicht mehr verwendet; entsperre ihn',
  '{cut} is locked and lies after the new end; unlock it or ask for a longer montage':
    '{cut} ist gesperrt und liegt hinter dem neuen Ende; entsperre ihn, oder wünsch dir eine längere Montage',
  'None of the clips may be used, since each is wished away; allow one of them and order again':
    'Keiner der Clips darf vorkommen, weil jeder ausgeschlossen ist; erlaube einen und erstelle die Montage noch einmal',
  'There is no clip {file} in the input bucket; add it or leave it out of the request':
    'Den Clip {file} gibt es nicht; füge ihn hinzu, oder lass ihn aus',
  'There is no song named {song} in the music bucket; add it or name another':
    'Den Song {song} gibt es nicht; füge ihn hinzu, oder wähle einen anderen',
  'None of the songs in the music bucket can be used; add another':
    'Keiner der Songs ist verwendbar; füge einen anderen hinzu',
  "What the job was asked for can't be read by this version of Montage":
    'Was gewünscht war, kann diese Version von Montage nicht lesen',

  // Of the work on it.
  '{stage} failed again and again{because}; mend the cause, then retry the job':
    '{stage}: immer wieder gescheitert{because}; behebe die Ursache, dann versuch es noch einmal',
  '{stage} was begun {times} times and never finished; retry the job when the machine has room':
    '{stage}: {times}-mal begonnen und nie fertig; versuch es noch einmal, wenn der Rechner Luft hat',
  ' ({reason})': ' ({reason})',
  'Looking at a clip': 'Einen Clip ansehen',
  'Listening to the song': 'Den Song anhören',
  'Planning the cuts': 'Die Schnitte planen',
  'Rendering a segment': 'Ein Stück rendern',
  'Making a segment larger': 'Ein Stück vergrößern',
  'Putting the montage together': 'Die Montage zusammensetzen',
  'Keeping the job going': 'Die Arbeit in Gang halten',
  '{host} has no GPU that Vulkan, Metal or Direct3D knows, which upscaling needs: retry where there is one, or order it again with the CPU allowed (--upscale-on-cpu, onCpu in an order), which takes it seconds for each frame':
    '{host} hat keine GPU, die Vulkan, Metal oder Direct3D kennt, und das Vergrößern braucht eine: Versuch es noch einmal, wo es eine gibt, oder bestelle die Montage so, dass die CPU es darf (--upscale-on-cpu, in einer Bestellung onCpu), die Sekunden für jedes Bild braucht',
  'Waiting for clips: the set {set} holds none; put them into input/{folder}/':
    'Wartet auf Clips: Die Sammlung {set} hat keine; leg welche in input/{folder}/',
  'Waiting for a song: there is none; put one into music/':
    'Wartet auf einen Song: Es gibt keinen; leg einen in music/',
  'Waiting until the clips are copied': 'Wartet, bis die Clips kopiert sind',
  'Waiting for clips in the set {set}': 'Wartet auf Clips in der Sammlung {set}',
  'Waiting until no more clips arrive in the set {set}': 'Wartet, bis in der Sammlung {set} keine Clips mehr ankommen',
  'Waiting until the song is copied': 'Wartet, bis der Song kopiert ist',
  'Waiting for a song in the music bucket': 'Wartet auf einen Song',
  'Waiting until no more songs arrive': 'Wartet, bis keine Songs mehr ankommen',

  // Of changes.
  'Cut {number}': 'Schnitt {number}',
  'There is no cut {number}: the montage has {cuts}': 'Den Schnitt {number} gibt es nicht: Die Montage hat {cuts}',
  '{cut} is locked; unlock it to change it': '{cut} ist gesperrt; entsperre ihn, um ihn zu ändern',
  '{cut} is no longer there as it was': '{cut} ist nicht mehr so da, wie er war',
  '{cut} can no longer be swapped for that moment': '{cut} lässt sich nicht mehr durch diesen Moment ersetzen',
  'The first cut starts with the montage and can not be moved':
    'Der erste Schnitt beginnt mit der Montage und lässt sich nicht verschieben',
  'The song has no beat there; move {cut} by frames': 'Der Song hat dort keinen Schlag; verschiebe {cut} um Bilder',
  "{cut} can't start so early: nothing would be left of the cut before it":
    '{cut} kann nicht so früh beginnen: Vom Schnitt davor bliebe nichts',
  "{cut} can't start so late: nothing would be left of it": '{cut} kann nicht so spät beginnen: Es bliebe nichts davon',
  "The shot before {cut} isn't long enough to reach there":
    'Die Einstellung vor {cut} ist nicht lang genug, um bis dahin zu reichen',
  "The shot of {cut} isn't long enough to start there":
    'Die Einstellung von {cut} ist nicht lang genug, um dort zu beginnen',
  'The only cut of a montage can not be taken out': 'Der einzige Schnitt einer Montage lässt sich nicht herausnehmen',
  "The shots beside {cut} aren't long enough to take its place; swap it for another moment":
    'Die Einstellungen neben {cut} sind nicht lang genug, um seinen Platz einzunehmen; nimm stattdessen einen anderen Moment',
  'The shot of {cut} holds nothing more {where} it': 'Die Einstellung von {cut} zeigt nichts mehr {where}',
  before: 'davor',
  after: 'danach',
  '{cut} has {others} other moments to choose from, and no number {number}':
    '{cut} hat {others} andere Momente zur Wahl, und keine Nummer {number}',
  'That moment of {file} is shorter than {cut}; choose another':
    'Dieser Moment von {file} ist kürzer als {cut}; nimm einen anderen',
  'The next revision of {job} is {next}, not {asked}': 'Die nächste Fassung von {job} ist {next}, nicht {asked}',
  'Somebody else has made revision {revision} of {job}: look at it, then change that':
    'Jemand anders hat Fassung {revision} von {job} gemacht: Sieh sie dir an, dann ändere die',
  'The job {job} has no revision {revision} to start from': '{job} hat keine Fassung {revision}, um dort anzufangen',
  'Revision {revision} of {job} is not planned yet; there is no cut to change':
    'Fassung {revision} von {job} ist noch nicht geplant; es gibt noch keinen Schnitt zu ändern',
  'The job {job} has no revision {revision}': '{job} hat keine Fassung {revision}',

  // Of montages and links.
  'There is no job {job}': 'Die Montage {job} gibt es nicht',
  'The job {job} is done; there is nothing to cancel': '{job} ist fertig; es gibt nichts abzubrechen',
  'The job {job} has {most} share links already: revoke one that nobody needs':
    '{job} hat schon {most} Links zum Teilen: Widerrufe einen, den niemand braucht',
  'The job {job} has no share link {link}': '{job} hat keinen Link {link} zum Teilen',
  'This link leads nowhere: it has expired, was revoked, or never was one':
    'Dieser Link führt nirgendwohin: Er ist abgelaufen, wurde widerrufen, oder war nie einer',
  'The job {job} has no finished montage to share yet':
    '{job} ist noch nicht fertig und kann noch nicht geteilt werden',
  'The job {job} has no finished revision {revision}': '{job} hat keine fertige Fassung {revision}',
  'The video of revision {revision} of {job} is there no more':
    'Das Video von Fassung {revision} von {job} gibt es nicht mehr',
  'Our clips can’t be made here; the log of `preview` says why. Try it with your own':
    'Unsere Clips lassen sich hier nicht machen; das Log von `preview` sagt, warum. Probier es mit deinen eigenen',
  'There is no set {set}': 'Die Sammlung {set} gibt es nicht',
  'Something went wrong here; the log has the reason': 'Hier ist etwas schiefgegangen; das Log kennt den Grund',

  // Of uploads.
  '{key} is empty: there is nothing to send': '{key} ist leer: Es gibt nichts zu schicken',
  'There is no upload {id} under way: it was completed or given up, or is too old':
    'Diesen Upload gibt es nicht mehr: Er ist fertig, wurde aufgegeben, oder ist zu alt',
  'There is a {key} in {bucket} already: use another name': '{key} gibt es schon: Nimm einen anderen Namen',
  '{key} can\'t be a name here: it has an empty part, "." or ".."':
    '{key} kann hier kein Name sein: Ein Teil ist leer, „.“ oder „..“',
  'Parts of {key} arrived while it was being put together: complete it again':
    'Während {key} zusammengesetzt wurde, kamen noch Teile an: Setz die Datei noch einmal zusammen',
  'Part {number} is not what its checksum says: nothing of it was taken; send it again':
    'Teil {number} ist nicht, was seine Prüfsumme sagt: Nichts davon wurde genommen; schick ihn noch einmal',
  'The name {name} is too long: shorten it': 'Der Name {name} ist zu lang: Kürze ihn',
  'The name {name} looks like a hidden or unfinished file: choose another':
    'Der Name {name} sieht nach einer versteckten oder unfertigen Datei aus: Nimm einen anderen',
  'The name {name} can\'t be used: no part may be empty, "." or "..", and no character zero':
    'Der Name {name} geht nicht: Kein Teil darf leer, „.“ oder „..“ sein, und kein Zeichen null',
  'The disk of the data folder {folder} is full: free some space or set MONTAGE_DATA to another folder':
    'Der Datenträger des Datenordners {folder} ist voll: Mach Platz, oder setz MONTAGE_DATA auf einen anderen Ordner',
  'The object store at {url} is full: free some space and try again':
    'Der Speicher unter {url} ist voll: Mach Platz, und versuch es noch einmal',
  'The file is larger than the object store at {url} takes: give a smaller one':
    'Die Datei ist größer, als der Speicher unter {url} nimmt: Gib eine kleinere',

  // Of signing in.
  'Sign in first, or send a token (the command line: MONTAGE_TOKEN)':
    'Melde dich erst an, oder schick ein Token (auf der Kommandozeile: MONTAGE_TOKEN)',
  'Signing in took too long, or was begun in another browser: sign in again':
    'Das Anmelden hat zu lange gedauert oder in einem anderen Browser begonnen: Melde dich noch einmal an',
  'The provider did not let you in: sign in again':
    'Der Anbieter hat dich nicht hereingelassen: Melde dich noch einmal an',
  'The provider did not say who you are: sign in again':
    'Der Anbieter hat nicht gesagt, wer du bist: Melde dich noch einmal an',
  'The provider that people sign in with does not answer: try again soon':
    'Der Anbieter, mit dem man sich anmeldet, antwortet nicht: Versuch es bald noch einmal',
  'This token lets nobody in: it is wrong, has expired, or was taken back':
    'Dieses Token lässt niemanden herein: Es ist falsch, abgelaufen, oder wurde zurückgenommen',
  'This is for operators': 'Das ist für Leute, die Montage betreiben',
  '{what}: go on in {seconds} s': '{what}: Weiter in {seconds} s',
  'You ask too often': 'Du fragst zu oft',
  'You ask for too many montages': 'Du willst zu viele Montagen auf einmal',
};
