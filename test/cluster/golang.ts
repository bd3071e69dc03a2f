import { run } from './command.ts';

/** There is memory enough: Go's compiler spends a part of its time on saving it. */
const environment = { ...process.env, GOFLAGS: '-buildvcs=false', GOGC: '400' };

/** Runs Go at low priority: its builds take all cores for minutes, and somebody may be at work on this machine. */
export const go = (args: readonly string[], cwd: string, more: Record<string, string> = {}): Promise<string> =>
  run('nice', ['-n', '10', 'go', ...args], { cwd, env: { ...environment, ...more } });

/** The folder of a module in Go's module cache, brought there if need be. Without `@version` it is the one that `cwd`'s module asks for. */
export async function moduleFolder(module: string, cwd: string): Promise<string> {
  const { Dir: folder }: { Dir?: string } = JSON.parse(await go(['mod', 'download', '-json', module], cwd));
  if (!folder) throw new Error(`Go can't bring ${module}: try \`go mod download ${module}\` in ${cwd}`);
  return folder;
}
