/** The page: a static site, built from `page/` into `built/`. */
import { readConfig } from '../../shared/config.ts';
import { calledBy } from '../called.ts';
import { site } from './site.ts';

const answer = site(readConfig());
const routeOf = (_method: string, path: string) => (path.startsWith('/assets/') ? '/assets/{file}' : '/');

calledBy('ui', { routeOf }, answer);
