/**
 * Counts what AWS would bill. A count has a name with its unit and, where it helps, the resource it
 * belongs to: `frames.in`, `frames.out` (32 KB units), `dynamodb.write` and `dynamodb.read` (units),
 * `dynamodb.calls`, `lambda.requests`, `lambda.gbMs`, `sqs.requests`, `posts` (calls of @connections).
 */
export interface Meter {
  /** Adds `amount` (default 1) to the count of `resource`. */
  add(count: string, resource: string, amount?: number): void;
  /** A copy of all counts: count, then resource, then sum. */
  read(): Record<string, Record<string, number>>;
  reset(): void;
}

export function createMeter(): Meter {
  const counts = new Map<string, Map<string, number>>();
  return {
    add(count, resource, amount = 1) {
      const byResource = counts.get(count) ?? new Map<string, number>();
      counts.set(count, byResource);
      byResource.set(resource, (byResource.get(resource) ?? 0) + amount);
    },
    read: () =>
      Object.fromEntries([...counts].map(([count, sums]) => [count, Object.fromEntries(sums)])),
    reset: () => counts.clear(),
  };
}
