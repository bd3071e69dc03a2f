/** `/health` answers as long as the process runs; `/health/ready` says of each thing it depends on whether it can be used. */
import { readConfig } from '../../shared/config.ts';
import { openStore } from '../../storage/open-store.ts';
import { calledBy } from '../called.ts';
import { check } from './readiness.ts';

/** Every address that isn't asked for readiness is the process's own health. */
const routeOf = (_method: string, path: string) => (path === '/health/ready' ? path : '/health');

calledBy('health', { routeOf }, async (request, response) => {
  if (request.path !== '/health/ready') {
    response.json({ status: 'healthy' });
    return;
  }
  const config = readConfig();
  const readiness = await check(openStore(config), config);
  response.status(readiness.status === 'ready' ? 200 : 503).json(readiness);
});
