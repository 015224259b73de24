import type { Clock } from '../clock.ts';
import type { FaultName } from './catalogue.ts';
import type { Occurrence } from './trigger.ts';

/** One fault as it was injected. */
export interface FiredFault {
  /** The rule's name. */
  readonly rule: string;
  readonly fault: FaultName;
  /** Milliseconds of the cloud's time since its start. */
  readonly atMs: number;
  /** Which of the occurrences that the rule counted. */
  readonly occurrence: number;
  readonly resource: string;
  readonly operation: string;
  readonly function?: string;
  readonly connection?: string;
}

/** Remembers what was injected, and which rules never struck. */
export interface FaultRecord {
  expect(rule: string): void;
  add(rule: string, fault: FaultName, occurrence: number, what: Occurrence): void;
  /** Oldest first; the oldest go when there are more than `FIRED_MAX`. */
  fired(): readonly FiredFault[];
  /** Names of the rules that were expected and never struck. */
  idle(): readonly string[];
}

/** Faults kept. */
export const FIRED_MAX = 10_000;

/** `onFired` hears of every fault as it is injected. */
export function createFaultRecord(
  clock: Clock,
  onFired: (fired: FiredFault) => void = () => {},
): FaultRecord {
  const startedAt = clock.now();
  const idle = new Set<string>();
  const fired: FiredFault[] = [];
  return {
    expect: (rule) => void idle.add(rule),
    add(rule, fault, occurrence, { resources, operation, functions, connection }) {
      const entry: FiredFault = {
        rule,
        fault,
        atMs: clock.now() - startedAt,
        occurrence,
        resource: resources[0] ?? '',
        operation,
        ...(functions?.[0] !== undefined && { function: functions[0] }),
        ...(connection !== undefined && { connection }),
      };
      idle.delete(rule);
      fired.push(entry);
      if (fired.length > FIRED_MAX) fired.shift();
      onFired(entry);
    },
    fired: () => [...fired],
    idle: () => [...idle],
  };
}
