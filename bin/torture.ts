import { parseArgs } from 'node:util';

import { runCommand } from './command.ts';
import { torture } from '../test/history/torture/torture.ts';

/**
 * `npm run torture`: plays schedules of people, devices, actions and faults in the local chat, from a seed
 * on, and checks what everybody saw. Ends with 1 when a promise was broken.
 */
const USAGE = 'npm run torture -- [--seed N] [--schedules K] [--minutes M] [--json FILE]';

await runCommand(USAGE, async () => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      schedules: { type: 'string', default: '100' },
      minutes: { type: 'string' },
      json: { type: 'string' },
    },
  });
  const { minutes, json } = values;
  const isSound = await torture({
    seed: Number(values.seed),
    schedules: Number(values.schedules),
    ...(minutes === undefined ? {} : { minutes: Number(minutes) }),
    ...(json === undefined ? {} : { json }),
    print: (line) => void process.stdout.write(`${line}\n`),
  });
  process.exitCode = isSound ? 0 : 1;
});
