// node test/cluster/build.ts: builds what a cluster is made of, so that starting one takes no more than a minute.
import { buildParts } from './cluster.ts';

await buildParts();
