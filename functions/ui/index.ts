/** The page: a static site, built from `page/` into `built/`. */
import { http } from '@google-cloud/functions-framework';
import '../called.ts';
import { readConfig } from '../../shared/config.ts';
import { site } from './site.ts';

const answer = site(readConfig());
http('ui', (request, response) => answer(request, response));
