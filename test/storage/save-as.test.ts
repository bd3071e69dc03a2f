import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { saveAs } from '../../storage/save-as.ts';

describe('the name under which a browser saves a file', () => {
  it('is written in full, and plainly for those that only read that', () => {
    expect(saveAs('Grüße "50%" (2).mp4')).toBe(
      `attachment; filename="Gr__e _50__ (2).mp4"; filename*=UTF-8''Gr%C3%BC%C3%9Fe%20%2250%25%22%20%282%29.mp4`,
    );
  });

  it('can be sent as a header, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (name) => {
        expect(saveAs(name)).toMatch(/^attachment; filename="[ !#-[\]-~]*"; filename\*=UTF-8''[\w!.~%-]*$/);
        expect(new Headers({ 'content-disposition': saveAs(name) }).get('content-disposition')).toBe(saveAs(name));
      }),
    );
  });
});
