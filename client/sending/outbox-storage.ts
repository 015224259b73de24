/** Where unsent messages outlive a reload: what a storage has to do, and one that only remembers. */

/** A message that the server has not accepted yet. */
export interface StoredMessage {
  /** Whose it is: one storage may serve several people in turn. */
  readonly user: string;
  readonly room: string;
  readonly uuid: string;
  /** Grows from one message of a user to the next: their order. */
  readonly place: number;
  readonly text: string;
  readonly replyTo?: number;
  readonly mentions?: readonly string[];
  readonly meta?: unknown;
  /** Milliseconds since the epoch; when it was written. */
  readonly time: number;
  /** The code of the refusal, once it was refused. */
  readonly failed?: string;
}

/** A rejection is told as a problem and loses nothing but the reload. */
export interface OutboxStorage {
  /** In the order of `place`. */
  load(user: string): Promise<readonly StoredMessage[]>;
  /** Replaces what is there under the same user and uuid. */
  put(message: StoredMessage): Promise<void>;
  remove(user: string, uuid: string): Promise<void>;
}

/** Lives as long as the process. */
export function createMemoryStorage(): OutboxStorage {
  const messages = new Map<string, StoredMessage>();
  const keyOf = (user: string, uuid: string) => JSON.stringify([user, uuid]);
  return {
    async load(user) {
      return [...messages.values()]
        .filter((message) => message.user === user)
        .toSorted((a, b) => a.place - b.place);
    },
    async put(message) {
      messages.set(keyOf(message.user, message.uuid), message);
    },
    async remove(user, uuid) {
      messages.delete(keyOf(user, uuid));
    },
  };
}
