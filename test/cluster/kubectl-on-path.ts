import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** A PATH on which kubectl is the test cluster's. */
export async function pathWithKubectl(): Promise<{ value: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'montage-kubectl-'));
  const script = join(folder, 'kubectl');
  await writeFile(script, `#!/bin/sh\nexec '${process.execPath}' '${join(import.meta.dirname, 'kubectl.ts')}' "$@"\n`);
  await chmod(script, 0o755);
  return {
    value: `${folder}${delimiter}${process.env.PATH}`,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
