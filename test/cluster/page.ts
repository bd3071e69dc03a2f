import { expect, it } from 'vitest';
import type { Deployed } from './deployed.ts';

/** Claims about the page on a cluster. */
export function page(deployed: () => Deployed): void {
  it('is on the page, which is woken by whoever opens it', async () => {
    const system = deployed();
    const answer = await fetch(`${await system.url('ui')}/jobs/some`);
    expect(await answer.text()).toContain('<title>Montage');
    expect(answer.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(await system.pods('ui')).toHaveLength(1);
  });
}
