import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { run } from '../../../knative/image/run.ts';
import type { MountedImage } from './mounted-image.ts';

const READY_SECONDS = 120;
const RUNTIME = ['--root', '/run/montage-image-tests'];
const ASK = `fetch(...JSON.parse(process.argv[1])).then(async (answer) =>
  console.log(JSON.stringify({ status: answer.status, body: await answer.text() })))`;

interface ContainerOptions {
  /** What is run in place of the image's own command. */
  command?: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** Folders of this machine, by where they are in the container. */
  folders?: Readonly<Record<string, string>>;
}

export interface Answer {
  status: number;
  body: string;
}

/**
 * A container as Kubernetes starts one under Pod Security "restricted": its image's user, no capabilities, a root file system that can't be
 * written to, /tmp in memory. It has a network of its own with nobody else in it.
 */
export class Container implements AsyncDisposable {
  readonly #id = `montage-${randomUUID()}`;
  readonly #bundle: string;
  readonly #process: ChildProcess;
  readonly #gone: Promise<number | null>;
  #said = '';

  static async start(image: MountedImage, options: ContainerOptions = {}): Promise<Container> {
    const bundle = await mkdtemp(join(tmpdir(), 'montage-container-'));
    await writeFile(join(bundle, 'config.json'), JSON.stringify(configOf(image, options)));
    return new Container(bundle);
  }

  private constructor(bundle: string) {
    this.#bundle = bundle;
    this.#process = spawn('runc', [...RUNTIME, 'run', '--bundle', bundle, this.#id], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.#process.stdout, this.#process.stderr])
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#said += text;
      });
    this.#gone = new Promise((resolve) => this.#process.once('close', resolve));
  }

  /** All that it has written so far. */
  get said(): string {
    return this.#said;
  }

  /** Runs a program in it and gives what that printed. */
  exec(command: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
    return run('runc', [...RUNTIME, 'exec', ...variables, this.#id, ...command]);
  }

  /** Asks a server in it, from within. */
  async ask(url: string, init: RequestInit = {}): Promise<Answer> {
    return JSON.parse(await this.exec(['node', '-e', ASK, JSON.stringify([url, init])]));
  }

  /** Waits until a server in it answers. */
  async answers(url: string, init?: RequestInit): Promise<Answer> {
    for (const end = Date.now() + READY_SECONDS * 1000; Date.now() < end; await wait(200)) {
      const answer = await this.ask(url, init).catch(() => null);
      if (answer) return answer;
      if (this.#process.exitCode !== null) throw new Error(`The container ended: ${this.#said}`);
    }
    throw new Error(`The container never answered at ${url}: ${this.#said}`);
  }

  /** Sends a signal to its first process, and gives its exit code once it is gone. */
  async stop(signal: 'TERM' | 'KILL'): Promise<number | null> {
    if (this.#process.exitCode === null) await run('runc', [...RUNTIME, 'kill', this.#id, signal]).catch(() => '');
    const code = await this.#gone;
    await rm(this.#bundle, { recursive: true, force: true });
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('KILL');
  }
}

function configOf({ root, config }: MountedImage, { command, env = {}, folders = {} }: ContainerOptions): object {
  const [uid, gid] = config.User.split(':').map(Number);
  const none = { bounding: [], effective: [], permitted: [] };
  const mount = (destination: string, type: string, ...options: string[]) => ({
    destination,
    type,
    source: type,
    options,
  });
  return {
    ociVersion: '1.0.2',
    process: {
      user: { uid, gid },
      args: command ?? [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])],
      env: [...config.Env, 'HOME=/tmp', ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
      cwd: config.WorkingDir,
      capabilities: none,
      noNewPrivileges: true,
    },
    root: { path: root, readonly: true },
    mounts: [
      mount('/proc', 'proc'),
      mount('/dev', 'tmpfs', 'nosuid', 'mode=755', 'size=65536k'),
      mount('/tmp', 'tmpfs', 'nosuid', 'nodev', 'mode=1777'),
      ...Object.entries(folders).map(([destination, source]) => ({
        destination,
        type: 'bind',
        source,
        options: ['bind', 'rw'],
      })),
    ],
    linux: { namespaces: ['pid', 'ipc', 'uts', 'mount', 'network'].map((type) => ({ type })) },
  };
}
