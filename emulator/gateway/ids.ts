/**
 * The ids of connections, messages and requests, shaped as recorded on AWS (aws.md a.4): 11 bytes in
 * base64url with the one `=` that pads them. Bytes 0-3 count 25 ms ticks, which is what recordings
 * of one account give when an id is set against its time; byte 8 tells requests from the rest; a
 * message's last three bytes are its connection's. The other bytes are random. AWS promises none of
 * this; it is copied so that an app which looks inside fails here as it would there.
 */
export interface Ids {
  connection(): string;
  message(connectionId: string): string;
  request(): string;
}

/** Random bytes, as many as asked for. */
export type Random = (bytes: number) => Buffer;

const ID_BYTES = 11;
const KIND_AT = 8;
const KIND = { connection: 0x02, request: 0x05 };
const TICK_MS = 25;
/** Where tick 0 lies in the recordings of November 2024: 2024-10-21T12:19:24.400Z. */
const TICKS_FROM_MS = 1_729_513_164_400;
const TICKS_WRAP = 2 ** 32;

/** `now` in milliseconds since the epoch. */
export function createIds(now: () => number, random: Random): Ids {
  const next = (kind: number): Buffer => {
    const bytes = Buffer.from(random(ID_BYTES));
    bytes.writeUInt32BE(ticks(now()), 0);
    bytes.writeUInt8(kind, KIND_AT);
    return bytes;
  };
  return {
    connection: () => toText(next(KIND.connection)),
    request: () => toText(next(KIND.request)),
    message(connectionId) {
      const bytes = next(KIND.connection);
      Buffer.from(connectionId, 'base64url').copy(bytes, KIND_AT, KIND_AT);
      return toText(bytes);
    },
  };
}

/** Whether a text could be a connection's id: one that is not is answered 400, one that is 410. */
export function isConnectionId(text: string): boolean {
  return /^[\w-]{15}=$/.test(text);
}

function ticks(now: number): number {
  const count = Math.floor((now - TICKS_FROM_MS) / TICK_MS);
  return ((count % TICKS_WRAP) + TICKS_WRAP) % TICKS_WRAP;
}

function toText(bytes: Buffer): string {
  return `${bytes.toString('base64url')}=`;
}
