// node test/cluster/load.ts TAR: brings an image into the running cluster.
import { loadImage } from './node.ts';

const [tar] = process.argv.slice(2);
if (!tar) throw new Error('Name the image to load: node test/cluster/load.ts image.tar');
await loadImage(tar);
