/** Something that went wrong beyond one request: a lying server, a full storage. */
export interface Problem {
  /** Stable, for programs. */
  readonly code: string;
  /** One sentence, for people. Holds nothing of a message or a token. */
  readonly message: string;
}
