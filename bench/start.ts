import { run } from '../test/support/program.ts';
import { atMost, type Figure, median } from './figure.ts';

/** `npm start` from the command to the line that says it is ready. */
const RUNS = 5;

async function timeToReady(): Promise<number> {
  const startedAt = performance.now();
  const program = run('bin/local.ts', '--json', '--port', '0');
  await program.firstLine();
  const readyMs = performance.now() - startedAt;
  program.process.kill('SIGTERM');
  await program.exited;
  return readyMs / 1_000;
}

export async function start(): Promise<readonly Figure[]> {
  const first = await timeToReady();
  const warm: number[] = [];
  for (let index = 0; index < RUNS; index += 1) warm.push(await timeToReady());
  return [
    atMost('npm start to ready, first run', first, 8, 's'),
    atMost('npm start to ready, warm', median(warm), 3, 's'),
  ];
}
