import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

import { actions } from './actions.ts';
import { emulator } from './emulator.ts';
import type { Figure } from './figure.ts';
import { load } from './load.ts';
import { modules } from './modules.ts';
import { posts } from './posts.ts';
import { reconnect } from './reconnect.ts';
import { rooms } from './rooms.ts';
import { start } from './start.ts';
import { units } from './units.ts';

/**
 * `npm run bench [NAME …]`: measures, prints, and writes `bench/figures.md` when all was measured.
 */
const BENCHES: Readonly<Record<string, () => Promise<readonly Figure[]>>> = {
  start,
  modules,
  posts,
  units,
  actions,
  reconnect,
  load,
  rooms,
  emulator,
};

const GIGABYTE = 1_024 ** 3;

const line = ({ what, value, bar = '', held }: Figure) =>
  `| ${what} | ${value} | ${bar} | ${held === undefined ? '' : held ? 'held' : '**missed**'} |`;

const named = process.argv.slice(2);
const names = named.length > 0 ? named : Object.keys(BENCHES);
const sections: string[] = [];
for (const name of names) {
  const bench = BENCHES[name];
  if (bench === undefined) {
    process.stderr.write(`There is no bench ${name}: ${Object.keys(BENCHES).join(', ')}\n`);
    process.exit(2);
  }
  const section = [`## ${name}`, '', '| what | figure | bar | |', '| --- | --- | --- | --- |'];
  for (const figure of await bench()) section.push(line(figure));
  process.stdout.write(`${section.join('\n')}\n\n`);
  sections.push(section.join('\n'));
}

if (named.length === 0) {
  const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / GIGABYTE)} GiB, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`;
  const head = `# Figures\n\nWritten by \`npm run bench\`. ${machine}. Medians; nothing here was measured on AWS.\n`;
  writeFileSync(new URL('figures.md', import.meta.url), `${[head, ...sections].join('\n')}\n`);
}
