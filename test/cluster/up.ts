// node test/cluster/up.ts: starts a cluster and leaves it running.
import { bringUpByHand } from './cluster.ts';
import { LOGS } from './places.ts';

await bringUpByHand();
console.log(`The cluster is up. Its logs are in ${LOGS}`);
console.log('Try: node test/cluster/kubectl.ts get pods -A');
