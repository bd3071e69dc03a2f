/** What a browser does for somebody who signs in: it keeps cookies, and goes where it is sent. */
export class CookieJar {
  readonly cookies = new Map<string, string>();

  /** One request, which is followed nowhere. */
  async ask(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('Cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    return response;
  }

  /** Follows redirects to the first address that `isThere`, or that sends nobody on. */
  async follow(url: string, init: RequestInit, isThere: (url: URL) => boolean = () => false) {
    let at = new URL(url);
    let response = await this.ask(at, init);
    for (let location = response.headers.get('Location'); location; location = response.headers.get('Location')) {
      at = new URL(location, at);
      if (isThere(at)) break;
      response = await this.ask(at);
    }
    return { at, response };
  }

  #keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(/; */);
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const isOver = attributes.some(
      (each) => /^max-age=0$/i.test(each) || (/^expires=/i.test(each) && Date.parse(each.slice(8)) <= Date.now()),
    );
    if (isOver) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}
