import { join } from 'node:path';

/** Where `npm run build` puts the page. */
export const BUILT = join(import.meta.dirname, 'built');
