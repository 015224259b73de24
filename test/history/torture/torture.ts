/** Plays schedules one after another, and says what came of them; a failure with its smallest plan. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { synthesize } from '../../../bin/local-chat.ts';

import { violationsOf, violationText } from '../check.ts';
import type { Violation } from '../history.ts';
import { type Arena, openArena } from './arena.ts';
import { createFigures, type Figures } from './figures.ts';
import { drawPlan, type Plan } from './plan.ts';
import { play } from './schedule.ts';
import { shrink } from './shrink.ts';

export interface TortureOptions {
  /** Of the first schedule; each further one has the next. */
  readonly seed: number;
  readonly schedules: number;
  /** No schedule begins after so many. Default: no limit. */
  readonly minutes?: number;
  /** A file for the figures. */
  readonly json?: string;
  readonly print: (line: string) => void;
}

/** Schedules in one cloud; then a fresh one begins, so that no table grows without end. */
const PER_ARENA = 100;
const REPORT_EVERY = 50;
/** Failures that are shrunk; of further ones the seed is enough. */
const SHRUNK_MAX = 3;
const MINUTE_MS = 60_000;

/** Whether no promise was broken. */
export async function torture(options: TortureOptions): Promise<boolean> {
  const { seed, schedules, minutes = Infinity, json, print } = options;
  const figures = createFigures();
  const until = performance.now() + minutes * MINUTE_MS;
  let arena: Arena | undefined;
  let played = 0;
  let failures = 0;
  const outdir = mkdtempSync(join(tmpdir(), 'parley-torture-'));
  const assembly = synthesize(outdir);
  try {
    for (let index = 0; index < schedules && performance.now() < until; index += 1) {
      const plan = drawPlan(seed + index);
      if (arena !== undefined && played >= PER_ARENA) {
        await arena.close();
        arena = undefined;
        played = 0;
      }
      arena ??= await openArena(assembly);
      played += 1;
      const violations = await playAndCheck(arena, plan, figures);
      if (violations.length > 0) {
        failures += 1;
        print(`\nseed ${plan.seed}: ${violations.map(violationText).join('\n')}`);
        if (failures <= SHRUNK_MAX) print(await smallest(arena, plan, violations));
      }
      if ((index + 1) % REPORT_EVERY === 0) print(figures.line());
      if (json !== undefined) writeFileSync(json, JSON.stringify(figures.all(), undefined, 2));
    }
  } finally {
    await arena?.close();
    rmSync(outdir, { recursive: true, force: true });
  }
  print(figures.text());
  return failures === 0;
}

async function playAndCheck(
  arena: Arena,
  plan: Plan,
  figures?: Figures,
): Promise<readonly Violation[]> {
  const { history, faults } = await play(arena, plan, `s${plan.seed}-${randomUUID().slice(0, 6)}`);
  const violations = violationsOf(history);
  figures?.add(plan, history, faults, violations);
  return violations;
}

async function smallest(arena: Arena, plan: Plan, violations: readonly Violation[]) {
  const checks = new Set(violations.map(({ check }) => check));
  const fails = async (candidate: Plan) =>
    (await playAndCheck(arena, candidate)).some(({ check }) => checks.has(check));
  const { plan: small, attempts } = await shrink(plan, fails);
  const size = `${small.actions.length} actions, ${small.faults.length} faults`;
  return `shrunk in ${attempts} attempts to ${size}:\n${JSON.stringify(small)}`;
}
