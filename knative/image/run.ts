import { spawn } from 'node:child_process';
import { Refusal } from '../../shared/refusal.ts';

const SAID_LINES = 40;

/** Gets what a program says while it works, line by line. */
export type OnLine = (line: string) => void;

/**
 * Runs a program to its end and gives what it printed.
 *
 * @throws {Refusal} with what it said last when it fails.
 */
export async function run(program: string, args: readonly string[], onLine: OnLine = () => {}): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  for (const stream of [child.stdout, child.stderr.setEncoding('utf8')]) {
    let rest = '';
    stream.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) onLine(line);
      said.push(...lines);
      said.splice(0, said.length - SAID_LINES);
    });
    stream.on('end', () => said.push(rest));
  }
  const status = await new Promise<number | string | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(code ?? signal));
  });
  if (status === 0) return printed;
  throw new Refusal(`${program} ${args.join(' ')} ended with ${status}:\n${said.join('\n').trim()}`);
}
