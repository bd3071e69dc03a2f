import { type SpawnOptions, spawn } from 'node:child_process';

/** Runs a command to its end and gives what it printed; one that fails is an error with what it said. */
export async function run(
  command: string,
  args: readonly string[],
  { input, ...options }: SpawnOptions & { input?: string | undefined } = {},
): Promise<string> {
  const child = spawn(command, args, { ...options, stdio: ['pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  // A command that ends before it has read all says so by its exit code.
  child.stdin.on('error', () => {}).end(input ?? '');
  const code = await new Promise<number | NodeJS.Signals | null>((ended, failed) => {
    child.on('error', failed);
    child.on('close', (status, signal) => ended(status ?? signal));
  });
  if (code === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')} ended with ${code}: ${(stderr || stdout).trim().slice(-2000)}`);
}
