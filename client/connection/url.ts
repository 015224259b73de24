/** Where a client may connect to: encrypted, or to its own machine. A token never crosses a network in the clear. */

const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** The URL in its one spelling. Throws a `TypeError` that says what is wrong with it. */
export function toSocketUrl(text: string): string {
  if (!URL.canParse(text)) throw new TypeError('The url of a chat must be a wss:// URL');
  const url = new URL(text);
  const safe = url.protocol === 'wss:' || (url.protocol === 'ws:' && LOOPBACK.test(url.hostname));
  if (!safe) throw new TypeError('The url of a chat must be wss://, or ws:// to this machine');
  if (url.hash !== '') throw new TypeError('The url of a chat has no #fragment');
  return url.href;
}
