/**
 * What came of a request. What a user caused is a value with one of the protocol's stable codes; to
 * these the client adds `offline` (it did not go out, or its answer was lost with the socket),
 * `timed_out` and `closed`. After these three it is unknown whether the server did it: the same uuid
 * makes it safe to ask again.
 */
export type Outcome<Value = unknown> =
  | ({ readonly ok: true } & Value)
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      /** Seconds, when the server said so. */
      readonly retryAfter?: number;
    };
