import { Command, CommanderError, Option } from 'commander';
import { readConfig } from '../../shared/config.ts';
import { HOOK_STATES } from '../../shared/hooks.ts';
import { Refusal, sentenceOf } from '../../shared/refusal.ts';
import { FORMATS, QUALITIES, type Quality } from '../../shared/request.ts';
import { MODEL_NAMES, MONTAGE_SCALES, SCALES } from '../../shared/super-resolution.ts';
import { analyze } from './analyze.ts';
import { colours } from './colours.ts';
import { demo } from './demo.ts';
import { EXIT, Interrupted, interrupted, untilInterrupted, WrongUse } from './exit.ts';
import { addHook, listDeliveries, listHooks, removeHook, testHook } from './hooks.ts';
import { cancel, list, retry, status } from './jobs.ts';
import { assertNothingKept, misread } from './misread.ts';
import { listRules, removeRule, setRule } from './rules.ts';
import { run } from './run.ts';
import { serve } from './serve.ts';
import { share, shares, unshare } from './shares.ts';
import { styles } from './styles.ts';
import {
  clip,
  duration,
  field,
  hours,
  LIMITS,
  montageScale,
  port,
  quietMinutes,
  revision,
  scale,
  seed,
  stretch,
  title,
} from './values.ts';

/** One line that begins like a sentence. */
const sentence = (text: string): string => {
  const line = text
    .replace(/^error: /, '')
    .trim()
    .replace(/\s*\n\s*/g, ' ');
  return line.charAt(0).toUpperCase() + line.slice(1);
};

// As a newcomer types it: there is no such program on the PATH.
const program = new Command('npm run montage --')
  .description('Clips and a song in, a finished video cut to the music out.')
  .helpCommand('help [command]', 'Say how a command is used.')
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(`${colours(process.stderr).red(misread(sentence(text)))}\n`) })
  .showSuggestionAfterError();

/** A command that only works on files. */
const plainCommand = (name: string, description: string, parent = program): Command =>
  parent
    .command(name)
    .description(description)
    .option('--json', 'print JSON for programs')
    .option('--quiet', 'print nothing but results and errors');

/** A command with the options that all take which ask a Montage. */
const command = (name: string, description: string, parent = program): Command =>
  plainCommand(name, description, parent)
    .option('--data <folder>', 'where clips, jobs and results are kept (default: $MONTAGE_DATA or ./montage-data)')
    .option('--server <url>', 'a running Montage to use instead of one of its own');

const montageOptions = (of: Command, quality: Quality): Command =>
  of
    .option(
      '--duration <seconds>',
      `length of the montage, 30 or 1:30, ${LIMITS.duration} (default: the song's)`,
      duration,
    )
    .addOption(
      new Option('--format <shape>', 'shape of the picture (default: landscape or vertical, as the clips are)').choices(
        FORMATS,
      ),
    )
    .addOption(new Option('--quality <profile>', 'size and care of the encoding').choices(QUALITIES).default(quality))
    .addOption(
      new Option(
        '--upscale [model]',
        'make what has too few pixels larger by a network, on a GPU; the montage is twice as wide and high as its quality says, but for a master (default: a master only, by slim where there is a GPU)',
      )
        .preset('slim')
        .choices(MODEL_NAMES),
    )
    .addOption(
      new Option('--upscale-scale <times>', 'how many times as wide and high (default: 2)')
        .choices(MONTAGE_SCALES.map(String))
        .argParser(montageScale),
    )
    .option(
      '--upscale-on-cpu',
      'upscale, on the CPU where there is no GPU: seconds for each frame, hours for a long montage',
    )
    .option('--seed <number>', `another number gives another edit, the same the same; ${LIMITS.seed}`, seed, 1)
    .option(
      '--set <field=value>',
      'any field of the style otherwise, for example pacing.speed=fast; may be repeated',
      field,
    )
    .option('--title <text>', `what players show as the title (default: none); ${LIMITS.title}`, title);

montageOptions(
  command('run', 'Cut clips to a song: one finished video, its timeline for an editor, and a report.')
    .argument('[style]', 'how it is cut: see "npm run montage -- styles"', 'dynamic')
    // Not commander's required options: it would complain of a missing one before a misspelt one.
    .option('--footage <path...>', 'clips, or folders of clips; must be given')
    .option('--music <file>', 'the song; must be given')
    .option('--must <clip>', 'a clip that must be seen; may be repeated', clip)
    .option('--never <clip>', 'a clip that must not be; may be repeated', clip)
    .option(
      '--only <clip=from-to>',
      'the only part of a clip to use, for example beach.mp4=0:12-0:20; may be repeated',
      stretch,
    )
    .option(
      '-o, --output <file>',
      'the finished video; .otio and .report.json are put beside it (default: montage.mp4, or montage-<style>.mp4 where that is there already)',
    ),
  'standard',
).action((style: string, options) => run(style, options));
montageOptions(
  command(
    'demo',
    'See a small montage of clips and a song that Montage makes itself; "--quality standard" gives 1920×1080.',
  ).argument('[style]', 'how it is cut', 'dynamic'),
  'preview',
)
  .option('-o, --output <file>', 'the finished video', 'demo.mp4')
  .action((style: string, options) => demo(style, options));
command('analyze', 'Say what is found in clips and songs: shots, or tempo, beats and sections.')
  .argument('<file...>', 'clips or songs')
  .action((files: string[], options) => analyze(files, options));
plainCommand(
  'upscale',
  "Make a video larger by super-resolution, on a GPU where there is one; all else stays, but for what it says can't.",
)
  .argument('<video>')
  .option('-o, --output <file>', 'the larger video (default: beside it, "beach-x2.mp4")')
  .addOption(
    new Option('--scale <times>', 'how many times as wide and as high')
      .choices(SCALES.map(String))
      .default('2')
      .argParser(scale),
  )
  .addOption(
    new Option('--model <name>', 'slim is the fastest, medium takes some six times as long, thick sixty times at × 2')
      .choices(MODEL_NAMES)
      .default('slim'),
  )
  .option('--device <name>', 'gpu, cpu, or part of a name that "npm run montage -- devices" prints (default: the best)')
  // Loaded when asked for: other commands needn't wait for it.
  .action(async (video: string, options) => (await import('./upscale.ts')).upscale(video, options));
plainCommand('devices', 'List what can make videos larger here, the best first, and how fast each is.').action(
  async (options) => (await import('./devices.ts')).devices(options),
);
command('styles', 'List the styles.').action((options) => styles(options));
command('serve', 'Run the whole system on this machine: drop clips, songs and requests into its folder.')
  .option('--port <number>', `port, ${LIMITS.port}; 0 takes any free one`, port, 8080)
  .option(
    '--host <address>',
    'address to listen at; 0.0.0.0 lets everyone in who can reach this machine (default: $MONTAGE_HOST or 127.0.0.1)',
  )
  .action((options) => serve(options));
command('jobs', 'List all jobs.').action((options) => list(options));
command('status', 'Say how a job stands.')
  .argument('[id]', 'a job; may be left out with --namespace')
  .option('--namespace <name>', "a cluster's namespace: kubectl is asked which pods there don't run, and why")
  .action((id: string | undefined, options) => status(id, options));
command('cancel', 'Stop the work on a job.')
  .argument('<id>')
  .action((id: string, options) => cancel(id, options));
command('retry', 'Try a failed job again from where it stopped.')
  .argument('<id>')
  .action((id: string, options) => retry(id, options));
command('share', 'Make a link to a finished montage that shows it and nothing else; prints it once.')
  .argument('<id>')
  .option('--expires-in <hours>', `hours until it ends, ${LIMITS.hours} (default: a week)`, hours)
  .option('--revision <number>', 'an earlier version (default: the latest finished one)', revision)
  .action((id: string, options) => share(id, options));
command('shares', 'List the share links of a montage.')
  .argument('<id>')
  .action((id: string, options) => shares(id, options));
command('unshare', 'Revoke a share link.')
  .argument('<id>')
  .argument('<share>')
  .action((id: string, link: string, options) => unshare(id, link, options));
const rules = program
  .command('rules')
  .description('Have montages made of a set by themselves, whenever something was added to it.')
  .helpCommand(false);
montageOptions(
  command('set', 'Make a montage of a set whenever something was added to it and then nothing for a while.', rules)
    .argument('<folder>', 'the set: a folder of the input bucket')
    .argument('[style]', 'how it is cut', 'dynamic')
    .option(
      '--quiet-minutes <number>',
      `how long nothing must be added, ${LIMITS.quietMinutes} (default: 10)`,
      quietMinutes,
    )
    .option('--music <song>', 'the song: its key in the music bucket, or part of its name (default: what fits best)'),
  'standard',
).action((set: string, style: string, options) => setRule(set, style, options));
command('list', 'List all rules.', rules).action((options) => listRules(options));
command('remove', 'End the rule of a set.', rules)
  .argument('<folder>')
  .action((set: string, options) => removeRule(set, options));
const hooks = program.command('hooks').description('Have a URL called when jobs end.').helpCommand(false);
command('add', 'Have a URL called when jobs end; prints the secret that its calls are signed with.', hooks)
  .argument('<url>')
  .addOption(
    new Option('--state <state...>', 'what it is told of (default: completed and failed)').choices(HOOK_STATES),
  )
  .action((url: string, options) => addHook(url, options));
command('list', 'List all hooks.', hooks).action((options) => listHooks(options));
command('remove', 'End a hook.', hooks)
  .argument('<id>')
  .action((id: string, options) => removeHook(id, options));
command('test', 'Call a hook once and say what came of it.', hooks)
  .argument('<id>')
  .action((id: string, options) => testHook(id, options));
command('deliveries', 'Say what a hook was told and what it answered.', hooks)
  .argument('<id>')
  .action((id: string, options) => listDeliveries(id, options));

try {
  readConfig();
  assertNothingKept(process.argv.slice(2));
  await untilInterrupted(program.parseAsync());
  process.exitCode = EXIT.done;
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
// Whatever still listens or waits has been told to stop; nothing is owed to it.
process.exit();

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
  // Whatever was under way when Ctrl-C came ended because of it.
  if (error instanceof Interrupted || interrupted.aborted) return EXIT.interrupted;
  process.stderr.write(`${colours(process.stderr).red(sentenceOf(error))}\n`);
  if (process.env.LOG_LEVEL === 'debug' && error instanceof Error && !(error instanceof Refusal))
    process.stderr.write(`${error.stack}\n`);
  return error instanceof WrongUse ? EXIT.wrongUse : EXIT.failed;
}
