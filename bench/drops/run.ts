/**
 * `npm run bench:drops -- [--clients N] [--minutes M] [--speed S] …`: the drop profile and a deployment,
 * for each contestant in turn on the same machine. The servers have processes of their own; the clients
 * of a contestant share this one.
 */
import { availableParallelism, cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import { CONTESTANTS, contestantNamed } from './contestants.ts';
import { type CrowdResult, type Event, runCrowd } from './crowd.ts';
import type { Profile } from './profile.ts';
import { shaking } from './shaking.ts';
import { startServing } from './serving.ts';
import { dropsRow, DROPS_HEAD, deployRow, DEPLOY_HEAD } from './table.ts';

/** Deployments in a row, and milliseconds of talk before, between and after them. */
const DEPLOYMENTS = 5;
const TALK_MS = 3_000;

const { values } = parseArgs({
  options: {
    clients: { type: 'string', default: '200' },
    'room-size': { type: 'string', default: '50' },
    minutes: { type: 'string', default: '10' },
    speed: { type: 'string', default: '10' },
    seed: { type: 'string', default: '1' },
    of: { type: 'string', multiple: true, default: Object.keys(CONTESTANTS) },
    only: { type: 'string' },
  },
});
const profile: Profile = {
  clients: Number(values.clients),
  roomSize: Number(values['room-size']),
  minutes: Number(values.minutes),
  speed: Number(values.speed),
  seed: Number(values.seed),
};

async function measure(name: string, event: (deploy: () => Promise<void>) => Event) {
  const serving = await startServing(name, profile);
  const result = await runCrowd(contestantNamed(name), serving, profile, event(serving.deploy));
  await serving.close();
  return result;
}

const deploying =
  (deploy: () => Promise<void>): Event =>
  async () => {
    for (let count = 0; count < DEPLOYMENTS; count += 1) {
      await sleep(TALK_MS);
      await deploy();
    }
    await sleep(TALK_MS);
  };

const print = (line: string) => process.stdout.write(`${line}\n`);

async function table(
  head: string,
  row: (name: string, result: CrowdResult) => string,
  event: (deploy: () => Promise<void>) => Event,
) {
  print(`\n${head}`);
  for (const name of values.of) print(row(name, await measure(name, event)));
}

const { clients, roomSize, minutes, speed, seed } = profile;
print(
  `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), Node ${process.version}, ${new Date().toISOString().slice(0, 10)}; ` +
    `${clients} clients in rooms of ${roomSize}, ${minutes} minutes at ${speed} times their speed, seed ${seed}`,
);
if (values.only !== 'deploy') await table(DROPS_HEAD, dropsRow, () => shaking(profile));
if (values.only !== 'drops') await table(DEPLOY_HEAD, deployRow(DEPLOYMENTS), deploying);
process.exit(0);
