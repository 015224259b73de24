/**
 * Catching up with what was missed. It may be begun anew before it is done, when the socket was renewed
 * or lost in the middle: then only the newest counts.
 */
export interface RecoveryOptions {
  readonly recover: () => Promise<unknown>;
  readonly recovered: () => void;
  /** It threw. */
  readonly failed: () => void;
}

export interface Recovery {
  begin(): void;
  /** What is under way does not count any more. */
  cancel(): void;
}

export function createRecovery({ recover, recovered, failed }: RecoveryOptions): Recovery {
  let newest = 0;
  const run = async () => {
    newest += 1;
    const mine = newest;
    const succeeded = await recover().then(
      () => true,
      () => false,
    );
    if (mine !== newest) return;
    if (succeeded) recovered();
    else failed();
  };
  return {
    begin: () => void run(),
    cancel: () => (newest += 1),
  };
}
