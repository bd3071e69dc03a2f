/** `npm run manifests -- OVERLAY`: prints all manifests of an overlay as one YAML, as `kubectl apply -k` would apply them. */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Refusal, sentenceOf } from '../shared/refusal.ts';

const OVERLAYS = join(import.meta.dirname, 'overlays');
/** Whichever is there; kubectl has Kustomize built in. */
const RENDERERS: readonly [string, ...string[]][] = [
  ['kubectl', 'kustomize'],
  ['kustomize', 'build'],
];

/** @throws {Refusal} when there is no such overlay, or nothing on this machine that can put it together. */
function rendered(overlay: string | undefined): string {
  const overlays = readdirSync(OVERLAYS).sort();
  if (!overlay || !overlays.includes(overlay))
    throw new Refusal(`${overlay ? `There is no overlay ${overlay}` : 'Name an overlay'}: ${overlays.join(', ')}`);
  for (const [program, command = ''] of RENDERERS) {
    const { error, status, stdout, stderr } = spawnSync(program, [command, join(OVERLAYS, overlay)], {
      encoding: 'utf8',
    });
    if (error) continue;
    if (status !== 0) throw new Refusal(`${program} could not put ${overlay} together: ${stderr.trim()}`);
    return stdout;
  }
  throw new Refusal('Neither kubectl nor kustomize is on the PATH: install one of them');
}

try {
  process.stdout.write(rendered(process.argv[2]));
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode = 2;
}
