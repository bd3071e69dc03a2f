/** A name that no other request has. Over plain HTTP a browser keeps `crypto.randomUUID` from a page. */
export const freshIdentity = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
