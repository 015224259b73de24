/** `npm run bench:avalanche`: 100,000 clients cut off at once, after outages of several lengths. */
import { percentile } from '../drops/table.ts';
import { seeded } from '../drops/profile.ts';
import { avalanche } from './avalanche.ts';

const CLIENTS = 100_000;

/** New connections a second of an AWS account; a burst of as many is assumed. */
const CONNECTS_PER_SECOND = 500;

const OUTAGES_S = [0, 10, 60, 300];
const SEED = 1;

const print = (line: string) => process.stdout.write(`${line}\n`);
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`;

print(
  `${CLIENTS} clients, ${CONNECTS_PER_SECOND} connects/s: ${CLIENTS / CONNECTS_PER_SECOND} s at least after the outage\n`,
);
print(
  '| outage | accepted in one second, at most | back after the outage p50 / p99 / last | attempts per client p50 / p99 / most | attempts in one second, at most |',
);
print('| --- | --- | --- | --- | --- |');
for (const outage of OUTAGES_S) {
  const outageMs = outage * 1_000;
  const { backMs, attempts, accepted, attempted } = avalanche({
    clients: CLIENTS,
    rate: CONNECTS_PER_SECOND,
    burst: CONNECTS_PER_SECOND,
    outageMs,
    random: seeded(SEED),
  });
  const back = [0.5, 0.99, 1].map((part) => seconds(percentile(backMs, part) - outageMs));
  const tries = [0.5, 0.99, 1].map((part) => percentile(attempts, part));
  const most = (counts: readonly number[]) => counts.reduce((a, b) => Math.max(a, b), 0);
  print(
    `| ${outage} s | ${most(accepted)} | ${back.join(' / ')} | ${tries.join(' / ')} | ${most(attempted)} |`,
  );
}
