/**
 * The page that the client runs in, if it does: tells when to look at once whether the line still lives.
 * In Node there is no page, and nothing is ever told.
 */

/** What browsers have and Node does not, as far as it is used here. */
interface Page {
  readonly document: EventTarget & { readonly visibilityState: string };
  addEventListener(type: 'online', listener: () => void): void;
  removeEventListener(type: 'online', listener: () => void): void;
}

const isPage = (scope: object): scope is Page => 'document' in scope && 'addEventListener' in scope;

/** Calls back when the page becomes visible, and when the browser says that it is online again. */
export function onPageWake(wake: () => void): () => void {
  const page: object = globalThis;
  if (!isPage(page)) return () => {};
  const { document } = page;
  const shown = () => {
    if (document.visibilityState === 'visible') wake();
  };
  document.addEventListener('visibilitychange', shown);
  page.addEventListener('online', wake);
  return () => {
    document.removeEventListener('visibilitychange', shown);
    page.removeEventListener('online', wake);
  };
}

/** Whether nobody can see the page; false where there is none. */
export function isPageHidden(): boolean {
  const page: object = globalThis;
  return isPage(page) && page.document.visibilityState === 'hidden';
}
