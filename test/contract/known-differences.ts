/**
 * Tests of the contract that AWS cannot pass or need not, each with the reason, which the runner shows
 * beside the skipped test. A test that fails on AWS and is not here is news: either the emulator is
 * wrong, or it belongs here.
 */
export interface KnownDifference {
  /** What the test's title begins with or contains. */
  readonly title: string;
  readonly reason: string;
}

export const KNOWN_DIFFERENCES: readonly KnownDifference[] = [
  {
    title: 'does not let a slow message hold up the next',
    reason:
      'The slow function’s integration gives up after 100 ms. A network and a cold start of the other ' +
      'function may take longer, and then the error of the slow one comes first: nothing can be told.',
  },
];

/** Why a test is not run against AWS; undefined when it is. */
export const differenceOf = (title: string): string | undefined =>
  KNOWN_DIFFERENCES.find((known) => title.includes(known.title))?.reason;
