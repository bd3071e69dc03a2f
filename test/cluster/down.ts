// node test/cluster/down.ts: ends the cluster, and removes what a crashed one left. What was built stays.
import { removeRemains } from './remains.ts';

await removeRemains();
