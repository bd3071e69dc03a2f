/** What ffmpeg needs to run. Keys and tokens are none of its business: it decodes files that anybody may have made. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'LD_LIBRARY_PATH',
  'DYLD_LIBRARY_PATH',
  'TMPDIR',
  'TEMP',
  'TMP',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'SystemRoot',
] as const;

/** The environment of every ffmpeg and ffprobe, out of this process's own. */
export function mediaEnvironment(own: Readonly<NodeJS.ProcessEnv>): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]] as const]));
  // Static builds crash when they convert text (the names in a transport stream) with the system's own converters.
  return { ...Object.fromEntries(passed), GCONV_PATH: '/nonexistent' };
}
