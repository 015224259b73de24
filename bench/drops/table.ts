/** The figures of a run, as rows of a table. */
import type { CrowdResult } from './crowd.ts';

const head = (...columns: readonly string[]) =>
  [columns, columns.map(() => '---')].map(line).join('\n');

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

export const DROPS_HEAD = head(
  'contestant',
  'breaks',
  'expected',
  'delivered',
  'shown twice',
  'gaps closed',
  'replay p50 / p95 / p99 / max',
  'back after the network p50 / p95 / p99 / max',
  'said until shown p50 / p95 / p99 / max',
);

export function dropsRow(name: string, result: CrowdResult): string {
  const { expected, delivered, duplicates, gaps, breaks, replayMs, recoveryMs, latencyMs } = result;
  return line([
    name,
    String(breaks),
    String(expected),
    share(delivered, expected),
    String(duplicates),
    `${replayMs.length} of ${gaps}`,
    times(replayMs),
    times(recoveryMs),
    times(latencyMs),
  ]);
}

export const DEPLOY_HEAD = head('contestant', 'deployments', 'connections lost', 'messages lost');

export const deployRow =
  (deployments: number) =>
  (name: string, { lost, expected, delivered }: CrowdResult): string =>
    line([name, String(deployments), String(lost), `${expected - delivered} of ${expected}`]);

/** In percent; never rounded up to all. */
const share = (part: number, whole: number) =>
  `${part === whole ? '100' : Math.min(99.99, (100 * part) / whole).toFixed(2)} %`;

const QUANTILES = [0.5, 0.95, 0.99, 1];

/** In seconds. */
const times = (ms: readonly number[]) =>
  ms.length === 0
    ? 'never'
    : `${QUANTILES.map((quantile) => (percentile(ms, quantile) / 1_000).toFixed(2)).join(' / ')} s`;

/** The least value that so great a part of them does not exceed. */
export function percentile(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] ?? Number.NaN;
}
