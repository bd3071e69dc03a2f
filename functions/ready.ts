import './scraped.ts';
import { nameProcess, observe } from '../shared/metrics/record.ts';

/** A function is registered: what is left of its cold start is a few milliseconds of the framework's. */
export function noteReady(name: string): void {
  nameProcess(name);
  observe('coldStart', {}, performance.now() / 1000);
}
