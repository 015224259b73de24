/**
 * Unsent messages in the browser's IndexedDB: they outlive a reload, a crash, and the tab. All tabs of
 * an origin share them; a message that two of them send has one uuid, and so is one.
 */
import type { OutboxStorage, StoredMessage } from './outbox-storage.ts';

/** What is used of IndexedDB, whose types Node does not have. */
interface Request<Result> {
  readonly result: Result;
  addEventListener(type: 'success' | 'error' | 'upgradeneeded', listener: () => void): void;
}
interface Store {
  getAll(): Request<StoredMessage[]>;
  put(message: StoredMessage): Request<unknown>;
  delete(key: readonly string[]): Request<unknown>;
}
interface Database {
  createObjectStore(name: string, options: { readonly keyPath: readonly string[] }): unknown;
  transaction(name: string, mode: 'readonly' | 'readwrite'): { objectStore(name: string): Store };
  close(): void;
  addEventListener(type: 'versionchange', listener: () => void): void;
}
interface Factory {
  open(name: string, version: number): Request<Database>;
}

const hasIndexedDb = (scope: object): scope is { readonly indexedDB: Factory } =>
  'indexedDB' in scope && scope.indexedDB !== undefined && scope.indexedDB !== null;

const STORE = 'outbox';

const VERSION = 1;

/** For the messages to one server; undefined where there is no IndexedDB. */
export function createIndexedDbStorage(url: string): OutboxStorage | undefined {
  const scope: object = globalThis;
  if (!hasIndexedDb(scope)) return undefined;
  const { indexedDB: factory } = scope;
  let database: Promise<Database> | undefined;

  const open = async (): Promise<Database> => {
    const request = factory.open(`parley ${url}`, VERSION);
    request.addEventListener('upgradeneeded', () => {
      request.result.createObjectStore(STORE, { keyPath: ['user', 'uuid'] });
    });
    const opened = await done(request);
    // A newer version of the page, in another tab, must not wait for this one.
    opened.addEventListener('versionchange', () => {
      opened.close();
      database = undefined;
    });
    return opened;
  };
  const store = async (mode: 'readonly' | 'readwrite') => {
    database ??= open();
    // What could not be opened now may be later.
    database.catch(() => (database = undefined));
    return (await database).transaction(STORE, mode).objectStore(STORE);
  };
  return {
    async load(user) {
      const all = await done((await store('readonly')).getAll());
      return all.filter((message) => message.user === user).toSorted((a, b) => a.place - b.place);
    },
    async put(message) {
      await done((await store('readwrite')).put(message));
    },
    async remove(user, uuid) {
      await done((await store('readwrite')).delete([user, uuid]));
    },
  };
}

const done = <Result>(request: Request<Result>): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(new Error('IndexedDB failed')));
  });
