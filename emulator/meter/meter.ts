import { type Cause, causeKey } from './cause.ts';

/**
 * Counts what AWS would bill, and a few things beside it. A count has a name with its unit, the
 * construct path of the resource it belongs to, and what caused it.
 *
 * Billed (`prices.ts`): `frames.in`, `frames.out` (32 KB units), `http.requests`
 * (512 KB units), `transfer.out` (bytes), `connection.minutes`, `lambda.requests`,
 * `lambda.gbMs.<architecture>`, `logs.bytes`, `dynamodb.write`, `dynamodb.read` (units),
 * `dynamodb.streamReads`, `sqs.requests` (64 KB units).
 * Not billed: `messages.in`, `messages.out`, `posts` (calls of @connections, taken or not),
 * `connections.opened`, `lambda.coldStarts`, `dynamodb.calls`.
 */
export interface Meter {
  /** Adds `amount` (default 1) to the count of `resource`; no cause: nothing inside the cloud. */
  add(count: string, resource: string, amount?: number, cause?: Cause): void;
  /** Called before counts are read or reset, by what grows with time alone, to add what is due. */
  beforeRead(addWhatIsDue: () => void): void;
  /** All counts, each cause apart. */
  entries(): readonly MeterEntry[];
  /** All counts over all causes: count, then resource, then sum. */
  read(): Record<string, Record<string, number>>;
  reset(): void;
}

export interface MeterEntry {
  readonly count: string;
  /** A construct path. */
  readonly resource: string;
  readonly cause: Cause | undefined;
  readonly amount: number;
}

export function createMeter(): Meter {
  const sums = new Map<string, MeterEntry & { amount: number }>();
  const due: (() => void)[] = [];
  const addWhatIsDue = () => {
    for (const add of due) add();
  };
  const entries = () => {
    addWhatIsDue();
    return [...sums.values()].map((entry) => ({ ...entry }));
  };
  return {
    add(count, resource, amount = 1, cause) {
      if (amount === 0) return;
      const key = `${count}\n${resource}\n${causeKey(cause)}`;
      const sum = sums.get(key);
      if (sum === undefined) sums.set(key, { count, resource, cause, amount });
      else sum.amount += amount;
    },
    beforeRead: (add) => void due.push(add),
    entries,
    read: () => sumByResource(entries()),
    reset() {
      addWhatIsDue();
      sums.clear();
    },
  };
}

function sumByResource(entries: readonly MeterEntry[]): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  for (const { count, resource, amount } of entries) {
    const byResource = (counts[count] ??= {});
    byResource[resource] = (byResource[resource] ?? 0) + amount;
  }
  return counts;
}
