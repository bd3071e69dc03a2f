// node test/cluster/build.ts: builds what a cluster and the functions on it are made of, and starts nothing. Ends with 1 where none can run.
import { buildParts, clusterSkipReason } from './cluster.ts';
import { buildFunctions } from './functions-image.ts';

process.env.MONTAGE_TEST_CLUSTER = '1';
const missing = clusterSkipReason();
if (missing) {
  console.error(missing);
  process.exitCode = 1;
} else {
  await buildParts();
  await buildFunctions();
}
