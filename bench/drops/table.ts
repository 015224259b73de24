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
  'back after the network p50 / p99',
);

export function dropsRow(name: string, result: CrowdResult): string {
  const { expected, delivered, duplicates, gaps, replayMs, recoveryMs, breaks } = result;
  return line([
    name,
    String(breaks),
    String(expected),
    share(delivered, expected),
    String(duplicates),
    `${replayMs.length} of ${gaps}`,
    replayMs.length === 0 ? 'never' : [0.5, 0.95, 0.99, 1].map(shown(replayMs)).join(' / '),
    recoveryMs.length === 0 ? 'never' : [0.5, 0.99].map(shown(recoveryMs)).join(' / '),
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

const shown = (values: readonly number[]) => (quantile: number) => {
  const seconds = percentile(values, quantile) / 1_000;
  return `${seconds.toFixed(2)} s`;
};

/** The least value that so great a part of them does not exceed. */
export function percentile(values: readonly number[], quantile: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * quantile) - 1)] ?? Number.NaN;
}
