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

  it('tells nobody anything who brings no token', async () => {
    const { apiUrl, accessToken } = deployed();
    const asked = async (headers = {}) => (await fetch(`${apiUrl}/v1/jobs`, { headers })).status;
    expect(await asked()).toBe(401);
    expect(await asked({ Authorization: 'Bearer wrong' })).toBe(401);
    expect(await asked({ Authorization: `Bearer ${accessToken}` })).toBe(200);
  });
}
