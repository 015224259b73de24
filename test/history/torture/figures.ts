/** What a run of schedules amounts to. */
import { recoveries } from '../checks/recovery.ts';
import type { History, Violation } from '../history.ts';
import type { Plan } from './plan.ts';

export interface Figures {
  add(
    plan: Plan,
    history: History,
    faults: ReadonlyMap<string, number>,
    violations: readonly Violation[],
  ): void;
  all(): Totals;
  /** How far it is. */
  line(): string;
  text(): string;
}

interface Totals {
  readonly schedules: number;
  readonly failed: readonly number[];
  readonly actions: number;
  readonly events: number;
  readonly entries: number;
  readonly minutes: number;
  readonly deeds: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly violations: Readonly<Record<string, number>>;
  /** Milliseconds of the clients' time from the healing to the head, of each device in each room. */
  readonly recovery: { readonly p50: number; readonly p99: number; readonly max: number };
}

const MINUTE_MS = 60_000;

export function createFigures(): Figures {
  const began = performance.now();
  const sums = { schedules: 0, actions: 0, events: 0, entries: 0 };
  const failed: number[] = [];
  const deeds = new Map<string, number>();
  const faults = new Map<string, number>();
  const broken = new Map<string, number>();
  const recovered: number[] = [];
  const figures: Figures = {
    add(plan, history, struck, violations) {
      sums.schedules += 1;
      sums.actions += plan.actions.length;
      sums.events += history.events.length;
      for (const log of history.logs.values()) sums.entries += log.length;
      for (const action of plan.actions) count(deeds, action.do);
      for (const [fault, times] of struck) count(faults, fault, times);
      for (const { check } of violations) count(broken, check);
      if (violations.length > 0) failed.push(plan.seed);
      recovered.push(...recoveries(history).flatMap(({ ms }) => ms ?? []));
    },
    all: () => ({
      ...sums,
      failed,
      minutes: round((performance.now() - began) / MINUTE_MS),
      deeds: sorted(deeds),
      faults: sorted(faults),
      violations: sorted(broken),
      recovery: { p50: at(recovered, 0.5), p99: at(recovered, 0.99), max: at(recovered, 1) },
    }),
    line() {
      const { schedules, entries, minutes } = figures.all();
      const seconds = ((minutes * 60) / schedules).toFixed(2);
      return `${schedules} schedules, ${entries} entries, ${minutes} minutes (${seconds} s each), ${failed.length} failed`;
    },
    text: () => JSON.stringify(figures.all(), undefined, 2),
  };
  return figures;
}

const count = (counts: Map<string, number>, name: string, times = 1) =>
  counts.set(name, (counts.get(name) ?? 0) + times);

const sorted = (counts: ReadonlyMap<string, number>) =>
  Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));

const round = (value: number) => Math.round(value * 100) / 100;

function at(values: readonly number[], share: number): number {
  const ordered = values.toSorted((a, b) => a - b);
  return Math.round(ordered[Math.ceil(share * ordered.length) - 1] ?? 0);
}
