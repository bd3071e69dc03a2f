import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';
import { isInstalled } from '../../knative/image/needs.ts';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../..');

/** Why overlays can't be put together here, or null when they can. */
export const rendererMissing: string | null =
  isInstalled('kubectl') || isInstalled('kustomize') ? null : 'neither kubectl nor kustomize is here';

const ResourcesSchema = z.record(z.string(), z.union([z.string(), z.number()]));
const ContainerSchema = z.looseObject({
  image: z.string(),
  resources: z.object({ requests: ResourcesSchema, limits: ResourcesSchema }),
});
const PodSchema = z.looseObject({ containers: z.tuple([ContainerSchema]) });
const ObjectSchema = z.looseObject({ kind: z.string(), metadata: z.looseObject({ name: z.string() }) });
const FunctionSchema = z.object({
  apiVersion: z.literal('serving.knative.dev/v1'),
  metadata: z.object({ name: z.string() }),
  spec: z.object({
    template: z.object({
      metadata: z.object({ annotations: z.record(z.string(), z.string()) }),
      spec: PodSchema,
    }),
  }),
});
const OthersSchema = z.object({
  kind: z.enum(['StatefulSet', 'Job']),
  metadata: z.object({ name: z.string() }),
  spec: z.object({ template: z.object({ spec: PodSchema }) }),
});

/** A pod that an overlay has, as it says, and how many of it there may be. */
export interface RenderedPod {
  name: string;
  isFunction: boolean;
  most: number;
  spec: z.infer<typeof PodSchema>;
}

export interface Rendered {
  objects: z.infer<typeof ObjectSchema>[];
  pods: RenderedPod[];
}

/** What an overlay applies, by `npm run manifests`. */
export async function rendered(overlay: string, root = ROOT): Promise<Rendered> {
  const { stdout } = await run(process.execPath, [join(root, 'knative/manifests.ts'), overlay]);
  const documents = parseAllDocuments(stdout).map((document) => document.toJS() as unknown);
  const functions = documents.flatMap((document) => FunctionSchema.safeParse(document).data ?? []);
  const others = documents.flatMap((document) => OthersSchema.safeParse(document).data ?? []);
  return {
    objects: documents.map((document) => ObjectSchema.parse(document)),
    pods: [
      ...functions.map(({ metadata, spec: { template } }) => ({
        name: metadata.name,
        isFunction: true,
        most: Number(template.metadata.annotations['autoscaling.knative.dev/max-scale']),
        spec: template.spec,
      })),
      ...others.map(({ metadata, spec: { template } }) => ({
        ...{ name: metadata.name, isFunction: false, most: 1 },
        spec: template.spec,
      })),
    ],
  };
}

/** The same of a copy of the manifests in which an operator has named images of their own in one overlay. */
export async function renderedWithImages(
  overlay: string,
  named: { in: string; images: readonly { name: string; newName: string; newTag: string }[] },
): Promise<Rendered> {
  const root = await mkdtemp(join(tmpdir(), 'montage-manifests-'));
  try {
    await cp(join(ROOT, 'knative'), join(root, 'knative'), { recursive: true });
    await symlink(join(ROOT, 'shared'), join(root, 'shared'));
    const file = join(root, 'knative/overlays', named.in, 'kustomization.yaml');
    await writeFile(file, stringify({ ...parse(await readFile(file, 'utf8')), images: named.images }));
    return await rendered(overlay, root);
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}
