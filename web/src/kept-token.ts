/**
 * Where the token stays between two loads of the page: in this tab until it is closed, or on this
 * device when its owner ticked "stay signed in". Nowhere else, and never in a URL.
 */
const KEY = 'parley.token';

export interface KeptToken {
  read(): string | undefined;
  keep(token: string, stay: boolean): void;
  forget(): void;
}

/** Of one origin; `tab` is `sessionStorage`, `device` is `localStorage`. */
export function createKeptToken(tab: Storage, device: Storage): KeptToken {
  const forget = () => {
    tab.removeItem(KEY);
    device.removeItem(KEY);
  };
  return {
    read: () => tab.getItem(KEY) ?? device.getItem(KEY) ?? undefined,
    keep(token, stay) {
      forget();
      (stay ? device : tab).setItem(KEY, token);
    },
    forget,
  };
}
