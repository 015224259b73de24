import { type Cause, causeKey } from './cause.ts';
import type { MeterEntry } from './meter.ts';
import { PRICE_DATE, PRICE_REGION, type Price, PRICES } from './prices.ts';

/**
 * Prices the counts of a meter. A bill is for what was counted since the start or the last reset, by
 * first-tier prices and without any free tier. Stored bytes, logs that are kept, and point-in-time
 * backups are billed by the month and not known here; neither is tax.
 *
 * Construct paths are those of the constructs that people write: without CDK's final `Resource`.
 */
export interface Bill {
  /** Of the prices. */
  readonly region: string;
  readonly pricesOf: string;
  /** By service, resource, what is billed, and cause. */
  readonly lines: readonly BillLine[];
  readonly usd: number;
  /** The services that cost anything, dearest first. */
  readonly byService: readonly ServiceShare[];
  /** Dearest first; what nothing inside the cloud caused is without `cause`. */
  readonly byRoute: readonly CauseShare[];
  readonly messages: Messages;
}

export interface BillLine {
  readonly service: string;
  /** A construct path; of an index of a table, with `/index/NAME` at its end. */
  readonly resource: string;
  /** The route of the frame, or the function, that it was for; connections are for nobody. */
  readonly cause?: Cause;
  readonly what: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usd: number;
}

/** WebSocket messages, not 32 KB units: from clients, and to clients (replies, errors and posts). */
export interface Messages {
  readonly in: number;
  readonly delivered: number;
  /** All the USD there are, for a million of each; undefined where there was none. */
  readonly usdPerMillionIn: number | undefined;
  readonly usdPerMillionDelivered: number | undefined;
}

interface ServiceShare {
  readonly service: string;
  readonly usd: number;
}

interface CauseShare {
  readonly cause?: Cause;
  readonly usd: number;
  readonly messages: Messages;
}

export function billOf(entries: readonly MeterEntry[], prices: readonly Price[] = PRICES): Bill {
  const shown = entries.map(asWritten);
  const lines = linesOf(shown, prices);
  const usd = sum(lines);
  return {
    region: PRICE_REGION,
    pricesOf: PRICE_DATE,
    lines,
    usd,
    byService: groups(lines, ({ service }) => service).map(([, [first, ...rest]]) => ({
      service: first.service,
      usd: sum([first, ...rest]),
    })),
    byRoute: causeShares(shown, lines),
    messages: messagesOf(shown, usd),
  };
}

/** In the order of the prices, then by resource and cause. */
function linesOf(entries: readonly MeterEntry[], prices: readonly Price[]): BillLine[] {
  return prices.flatMap((price) =>
    entries
      .filter(({ count }) => count === price.count)
      .toSorted((a, b) => compare(lineKey(a), lineKey(b)))
      .map((entry) => lineOf(entry, price)),
  );
}

const lineKey = ({ resource, cause }: MeterEntry) => `${resource}\n${causeKey(cause)}`;

function lineOf({ resource, cause, amount }: MeterEntry, price: Price): BillLine {
  const { service, what, unit, countsPerUnit, usdPerUnit } = price;
  const quantity = amount / countsPerUnit;
  return {
    service,
    resource,
    ...(cause === undefined ? {} : { cause }),
    what,
    quantity,
    unit,
    usd: quantity * usdPerUnit,
  };
}

function causeShares(
  entries: readonly MeterEntry[],
  lines: readonly BillLine[],
): readonly CauseShare[] {
  return groups(lines, ({ cause }) => causeKey(cause)).map(([key, [first, ...rest]]) => {
    const { cause } = first;
    const usd = sum([first, ...rest]);
    const own = entries.filter((entry) => causeKey(entry.cause) === key);
    return { ...(cause === undefined ? {} : { cause }), usd, messages: messagesOf(own, usd) };
  });
}

function messagesOf(entries: readonly MeterEntry[], usd: number): Messages {
  const count = (name: string) =>
    entries.reduce((all, entry) => all + (entry.count === name ? entry.amount : 0), 0);
  const [received, delivered] = [count('messages.in'), count('messages.out')];
  const perMillion = (messages: number) =>
    messages === 0 ? undefined : (usd / messages) * 1_000_000;
  return {
    in: received,
    delivered,
    usdPerMillionIn: perMillion(received),
    usdPerMillionDelivered: perMillion(delivered),
  };
}

type Some<Value> = readonly [Value, ...Value[]];

/** Dearest first. */
function groups(
  lines: readonly BillLine[],
  keyOf: (line: BillLine) => string,
): readonly (readonly [string, Some<BillLine>])[] {
  const found = new Map<string, [BillLine, ...BillLine[]]>();
  for (const line of lines) {
    const group = found.get(keyOf(line));
    if (group === undefined) found.set(keyOf(line), [line]);
    else group.push(line);
  }
  return [...found].toSorted(([, a], [, b]) => sum(b) - sum(a));
}

const sum = (lines: readonly BillLine[]) => lines.reduce((all, { usd }) => all + usd, 0);

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

function asWritten(entry: MeterEntry): MeterEntry {
  const { resource, cause } = entry;
  return { ...entry, resource: written(resource), cause: cause && causeAsWritten(cause) };
}

const causeAsWritten = (cause: Cause): Cause =>
  'route' in cause
    ? { api: written(cause.api), route: cause.route }
    : { function: written(cause.function) };

/** An L2 construct's own resource is a child of it that CDK calls `Resource`. */
const written = (path: string) => path.replace(/\/Resource(?=\/index\/|$)/, '');
