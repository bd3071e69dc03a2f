/** `/health` answers as long as the process runs; `/health/ready` says of each thing it depends on whether it can be used. */
import { http } from '@google-cloud/functions-framework';
import '../called.ts';
import { readConfig } from '../../shared/config.ts';
import { openStore } from '../../storage/open-store.ts';
import { check } from './readiness.ts';

http('health', async (request, response) => {
  if (request.path !== '/health/ready') {
    response.json({ status: 'healthy' });
    return;
  }
  const config = readConfig();
  const readiness = await check(openStore(config), config);
  response.status(readiness.status === 'ready' ? 200 : 503).json(readiness);
});
