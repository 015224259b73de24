import type { Bill, BillLine, Messages } from './bill.ts';
import type { Cause } from './cause.ts';

/** A bill as text for people: by service and resource, then by route, then per message. */
export function billTable(bill: Bill): string {
  const { region, pricesOf, usd, messages } = bill;
  return [
    `What AWS would bill for this run (${region}, prices of ${pricesOf}, first tier, no free tier):`,
    '',
    ...table(2, [
      ...bill.byService.flatMap((share) => [
        [share.service, '', '', money(share.usd)],
        ...resourceRows(bill.lines.filter(({ service }) => service === share.service)),
      ]),
      ['Total', '', '', money(usd)],
    ]),
    '',
    ...table(1, [
      ['By route', 'messages in', 'delivered', 'USD', 'USD per million in'],
      ...bill.byRoute.map((share) => [
        `  ${causeName(share.cause, bill)}`,
        count(share.messages.in),
        count(share.messages.delivered),
        money(share.usd),
        perMillion(share.messages.usdPerMillionIn),
      ]),
    ]),
    '',
    ...perMessage(messages),
    '',
  ].join('\n');
}

/** One row for each resource and what is billed of it, whatever caused it. */
function resourceRows(lines: readonly BillLine[]): readonly (readonly string[])[] {
  const rows = Map.groupBy(lines, ({ resource, what }) => `${what}\n${resource}`);
  return [...rows.values()].map((same) => {
    const [{ resource, what, unit } = { resource: '', what: '', unit: '' }] = same;
    const total = (of: (line: BillLine) => number) => same.reduce((sum, line) => sum + of(line), 0);
    return [
      `  ${resource}`,
      what,
      `${count(total(({ quantity }) => quantity))} ${unit}`,
      money(total(({ usd }) => usd)),
    ];
  });
}

function causeName(cause: Cause | undefined, { byRoute }: Bill): string {
  if (cause === undefined) return '(connections, and calls from outside)';
  if (!('route' in cause)) return `${cause.function} (woken by no frame)`;
  const apis = new Set(
    byRoute.flatMap(({ cause }) => (cause !== undefined && 'route' in cause ? [cause.api] : [])),
  );
  return apis.size > 1 ? `${cause.api} ${cause.route}` : cause.route;
}

function perMessage(messages: Messages): readonly string[] {
  const { usdPerMillionIn, usdPerMillionDelivered } = messages;
  return [
    `${count(messages.in)} messages in: ${perMillion(usdPerMillionIn)} USD per million`,
    `${count(messages.delivered)} messages delivered: ${perMillion(usdPerMillionDelivered)} USD per million`,
  ];
}

const money = (usd: number) => usd.toFixed(8);

const perMillion = (usd: number | undefined) => (usd === undefined ? '-' : usd.toFixed(2));

/** Six digits are enough; thin quantities (GB) keep theirs. */
const count = (quantity: number) =>
  Number(quantity.toPrecision(6)).toLocaleString('en-US', { maximumSignificantDigits: 6 });

/** Columns as wide as they must be; the first ones are words, the others numbers and to the right. */
function table(words: number, rows: readonly (readonly string[])[]): readonly string[] {
  const columns = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: columns }, (_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  );
  const place = (cell: string, column: number) => {
    const width = widths[column] ?? 0;
    return column < words ? cell.padEnd(width) : cell.padStart(width);
  };
  return rows.map((row) => row.map(place).join('  ').trimEnd());
}
