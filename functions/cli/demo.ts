import { join } from 'node:path';
import { interrupted } from './exit.ts';
import { LiveLine } from './live-line.ts';
import { type MontageOptions, run } from './run.ts';
import { dataFolder } from './session.ts';

/** The same as `run`, with footage and a song made here, so that a newcomer sees a result at once. */
export async function demo(style: string, options: MontageOptions): Promise<void> {
  const folder = join(dataFolder(options), 'demo');
  const footage = join(folder, 'clips');
  const music = await make(folder, footage, options);
  await run(style, { ...options, footage: [footage], music });
}

async function make(folder: string, footage: string, options: MontageOptions): Promise<string> {
  using line = new LiveLine(process.stderr, options.quiet ?? false);
  // Loaded only here: nobody else needs a synthesiser.
  const [{ makeDemoFootage }, { makeDemoSong }] = await Promise.all([
    import('../../shared/demo/footage.ts'),
    import('../../shared/demo/song.ts'),
  ]);
  line.show('Making clips and a song to try it on');
  const signal = interrupted;
  const [song] = await Promise.all([makeDemoSong(folder, { signal }), makeDemoFootage(footage, { signal })]);
  return song;
}
