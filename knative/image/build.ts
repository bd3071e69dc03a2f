/**
 * Builds the images without Docker, as root on a Debian with buildah and mmdebstrap, for both architectures:
 *
 *   node knative/image/build.ts --arch amd64 --target functions --out functions.tar [--name ghcr.io/montage-ai/functions:latest]
 *
 * Any node takes the file: `k3s ctr images import functions.tar`, `docker load -i functions.tar`. Layers and bases are kept in
 * ~/.cache/montage/images. Takes the npm registry from npm_config_registry and a proxy's certificates from NODE_EXTRA_CA_CERTS.
 */
import { parseArgs } from 'node:util';
import { Refusal, sentenceOf } from '../../shared/refusal.ts';
import { ARCHITECTURES } from './base.ts';
import { buildImage, saveImage, TARGETS } from './image.ts';
import { ownArchitecture } from './needs.ts';

try {
  const { arch, target, name, out } = read();
  const id = await buildImage({ arch, target }, (line) => process.stderr.write(`${line}\n`));
  await saveImage(id, name, out);
  process.stdout.write(`${out} holds ${name} for linux/${arch}\n`);
} catch (error) {
  process.stderr.write(`${sentenceOf(error)}\n`);
  process.exitCode = 1;
}

function read() {
  const { values } = parseArgs({
    options: {
      arch: { type: 'string', default: ownArchitecture() },
      target: { type: 'string', default: 'functions' },
      name: { type: 'string' },
      out: { type: 'string' },
    },
  });
  const arch = oneOf('arch', ARCHITECTURES, values.arch);
  const target = oneOf('target', TARGETS, values.target);
  if (!values.out) throw new Refusal('Say where the image goes: --out FILE');
  return { arch, target, out: values.out, name: values.name ?? `ghcr.io/montage-ai/${target}:latest` };
}

function oneOf<T extends string>(option: string, known: readonly T[], given: string): T {
  const found = known.find((each) => each === given);
  if (!found) throw new Refusal(`--${option} is one of ${known.join(', ')}, and not ${given}`);
  return found;
}
