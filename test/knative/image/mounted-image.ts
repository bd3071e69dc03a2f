import { z } from 'zod';
import { buildah } from '../../../knative/image/buildah.ts';
import { buildImage, type Image } from '../../../knative/image/image.ts';
import { run } from '../../../knative/image/run.ts';
import { installNeeds } from './machine.ts';

const InspectedSchema = z.object({
  Docker: z.object({
    architecture: z.string(),
    config: z.object({
      User: z.string(),
      Env: z.array(z.string()),
      Cmd: z.array(z.string()).nullish(),
      Entrypoint: z.array(z.string()).nullish(),
      WorkingDir: z.string(),
      Healthcheck: z.object({ Test: z.tuple([z.literal('CMD')], z.string()) }).optional(),
    }),
  }),
});
type ImageConfig = z.infer<typeof InspectedSchema>['Docker']['config'];

/** An image whose files can be looked at, and that containers can be started of. */
export interface MountedImage extends AsyncDisposable {
  root: string;
  architecture: string;
  config: ImageConfig;
  /** Of all its files, as they lie unpacked on a node. */
  megabytes: number;
}

/** Builds an image, where it isn't built yet, and mounts it. */
export async function mountImage(image: Image): Promise<MountedImage> {
  await installNeeds(image.arch);
  const id = await buildImage(image);
  const { architecture, config } = InspectedSchema.parse(
    JSON.parse(await buildah(['inspect', '--type', 'image', id])),
  ).Docker;
  const container = (await buildah(['from', '--pull-never', id])).trim();
  const root = (await buildah(['mount', container])).trim();
  const [kilobytes = ''] = (await run('du', ['-sk', root])).split('\t');
  return {
    root,
    architecture,
    config,
    megabytes: Math.round((Number(kilobytes) * 1024) / 1e6),
    async [Symbol.asyncDispose]() {
      await buildah(['umount', container]);
      await buildah(['rm', container]);
    },
  };
}
