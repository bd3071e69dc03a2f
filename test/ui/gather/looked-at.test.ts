import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

type Seen = (entries: { target: object; isIntersecting: boolean }[]) => void;

/** A window that is scrolled by hand. */
class Window {
  readonly observed = new Set<object>();
  tell: Seen = () => {};
  scroll = () => {};

  constructor() {
    const self = this;
    vi.stubGlobal(
      'IntersectionObserver',
      class {
        constructor(seen: Seen) {
          self.tell = seen;
        }
        observe = (place: object) => self.observed.add(place);
        unobserve = (place: object) => self.observed.delete(place);
      },
    );
    vi.stubGlobal('addEventListener', (_: 'scroll', scrolled: () => void) => {
      self.scroll = scrolled;
    });
  }

  shows(target: object, isIntersecting = true): void {
    this.tell([{ target, isIntersecting }]);
  }
}

let view: Window;
let looked: string[];
let whenLookedAt: (place: Element, look: () => void) => () => void;

const [beach, garden] = [{}, {}] as [Element, Element];

/** Time passes, and the wheel is turned all the while. */
function scrollFor(milliseconds: number): void {
  for (let passed = 0; passed < milliseconds; passed += 20) {
    view.scroll();
    vi.advanceTimersByTime(20);
  }
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.resetModules();
  view = new Window();
  looked = [];
  ({ whenLookedAt } = await import('../../../functions/ui/page/gather/looked-at.ts'));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const watch = (place: Element, name: string) => whenLookedAt(place, () => looked.push(name));

describe('what is looked at', () => {
  it('is what is in view while nothing is scrolled, at once and once', () => {
    watch(beach, 'beach');
    watch(garden, 'garden');
    vi.advanceTimersByTime(1000);
    expect(looked).toEqual([]);
    view.shows(beach);
    expect(looked).toEqual(['beach']);
    view.shows(beach);
    vi.advanceTimersByTime(1000);
    expect(looked).toEqual(['beach']);
    expect([...view.observed]).toEqual([garden]);
  });

  it('is not what is only scrolled past', () => {
    watch(beach, 'beach');
    watch(garden, 'garden');
    view.scroll();
    view.shows(beach);
    scrollFor(300);
    view.shows(beach, false);
    view.shows(garden);
    scrollFor(300);
    expect(looked).toEqual([]);
    vi.advanceTimersByTime(300);
    expect(looked).toEqual(['garden']);
  });

  it('is what stays in view long enough, however slowly it is scrolled', () => {
    watch(beach, 'beach');
    view.scroll();
    view.shows(beach);
    scrollFor(600);
    expect(looked).toEqual(['beach']);
  });

  it('is nothing that is not waited for any more', () => {
    const forget = watch(beach, 'beach');
    view.scroll();
    view.shows(beach);
    forget();
    vi.advanceTimersByTime(1000);
    expect(looked).toEqual([]);
    expect(view.observed.size).toBe(0);
  });
});
