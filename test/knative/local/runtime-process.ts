/** Runs a local runtime as a process of its own, to be killed: `node runtime-process.ts DATA MANIFESTS`. Prints its URL. */
import { startRuntime } from '../../../knative/local/runtime.ts';
import { readConfig } from '../../../shared/config.ts';
import { FolderStore } from '../../../storage/folder.ts';
import { INGEST_TOKEN } from './stand.ts';

const [data = '', manifestFolder = ''] = process.argv.slice(2);
const store = new FolderStore(data);
await store.prepare();
const config = readConfig({ MONTAGE_DATA: data, MONTAGE_INGEST_TOKEN: INGEST_TOKEN });
const runtime = await startRuntime({ store, config, port: 0, cores: 2, manifestFolder, onLog: () => {} });
process.stdout.write(`${runtime.url}\n`);
