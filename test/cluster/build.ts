// node test/cluster/build.ts: builds what a cluster is made of, and starts nothing.
import { buildParts } from './cluster.ts';

await buildParts();
