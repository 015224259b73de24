import type { Clock } from '../clock.ts';
import { type FaultName, FAULTS, type Place } from './catalogue.ts';
import { type FaultPlan, readPlan, readRule } from './plan.ts';
import { createRandom, type Random } from './random.ts';
import { createFaultRecord, type FaultRecord, type FiredFault } from './record.ts';
import type { FaultRule, ReadRule, RuleAt } from './rule.ts';
import { createTrigger, MOMENT, type Occurrence, type Trigger } from './trigger.ts';

/** The faults of a running cloud, for tests and for people. */
export interface Faults extends Pick<FaultRecord, 'fired' | 'idle'> {
  /** Adds a rule, whose counts and times begin now; the answer takes it away. Throws a `FaultPlanError`. */
  readonly add: (rule: FaultRule) => () => void;
  /** Takes all rules away; what they have done stays in the record. */
  clear(): void;
}

/** How the places where things go wrong ask whether they do. */
export interface FaultSource extends Faults {
  /** Whether any rule is decided at one of these places: without, there is nothing to ask. */
  any(...places: readonly Place[]): boolean;
  /** The rule that strikes, already in the record. */
  take<At extends Place>(
    place: At,
    occurrence: Occurrence,
    could?: Could<At>,
  ): RuleAt<At> | undefined;
  /** As `take`, but it is in the record only when, and if, `happened` is called. */
  decide<At extends Place>(
    place: At,
    occurrence: Occurrence,
    could?: Could<At>,
  ): Decided<At> | undefined;
  /** Called when a rule of this place has its moment: the listener takes for each that it knows. */
  onMoment(place: Place, listener: () => void): void;
  /** The plan's chance, for what a fault does beyond happening. */
  readonly random: Random;
}

/** A rule that could not do anything here does not count the occurrence. */
type Could<At extends Place> = (rule: RuleAt<At>) => boolean;

export interface Decided<At extends Place> {
  readonly rule: RuleAt<At>;
  readonly happened: () => void;
}

/** A rule at work. */
interface Live {
  readonly name: string;
  readonly rule: ReadRule;
  readonly trigger: Trigger;
}

export function createFaults(options: {
  readonly plan: FaultPlan;
  readonly clock: Clock;
  /** Hears of every fault as it is injected. */
  readonly onFired?: (fired: FiredFault) => void;
}): FaultSource {
  const { clock } = options;
  const { seed, rules } = readPlan(options.plan);
  const random = createRandom(seed);
  const record = createFaultRecord(clock, options.onFired);
  const nameOf = createNames();
  const byPlace = new Map<Place, readonly Live[]>();
  const moments = createMoments(clock);
  const at = (place: Place) => byPlace.get(place) ?? [];

  const put = (rule: ReadRule) => {
    const { place } = FAULTS[rule.fault];
    const addedAt = clock.now();
    const name = nameOf(rule);
    const elapsedMs = () => clock.now() - addedAt;
    const live = { name, rule, trigger: createTrigger({ rule, stream: name, random, elapsedMs }) };
    byPlace.set(place, [...at(place), live]);
    record.expect(name);
    moments.await(live);
    return () => {
      moments.forget(live);
      byPlace.set(
        place,
        at(place).filter((one) => one !== live),
      );
    };
  };
  const decide: FaultSource['decide'] = <At extends Place>(
    place: At,
    what: Occurrence,
    could: Could<At> = () => true,
  ) => {
    // Every rule counts every occurrence, whether or not another one strikes it.
    const [struck] = at(place).flatMap((live) => {
      const rule = live.rule as RuleAt<At>;
      const asked = what.operation !== MOMENT || moments.due() === live;
      const occurrence = asked && could(rule) ? live.trigger.pull(what) : undefined;
      return occurrence === undefined ? [] : [{ ...live, rule, occurrence }];
    });
    if (struck === undefined) return undefined;
    const { name, rule, occurrence } = struck;
    return { rule, happened: () => record.add(name, rule.fault, occurrence, what) };
  };

  for (const rule of rules) put(rule);
  return {
    ...record,
    random,
    decide,
    add: (rule) => put(readRule(rule, [...byPlace.values()].flat().length + 1)),
    clear() {
      moments.forgetAll();
      byPlace.clear();
    },
    any: (...places) => places.some((place) => at(place).length > 0),
    take(place, occurrence, could) {
      const decided = decide(place, occurrence, could);
      decided?.happened();
      return decided?.rule;
    },
    onMoment: moments.listen,
  };
}

/** A rule without a name is called by its fault and a number. */
function createNames(): (rule: ReadRule) => string {
  const numbers = new Map<FaultName, number>();
  return ({ fault, name }) => {
    if (name !== undefined) return name;
    const number = (numbers.get(fault) ?? 0) + 1;
    numbers.set(fault, number);
    return `${fault}#${number}`;
  };
}

/** The rules that strike at a moment, by the clock. */
function createMoments(clock: Clock) {
  const listeners = new Map<Place, (() => void)[]>();
  const timers = new Map<Live, () => void>();
  let due: Live | undefined;
  const strike = (live: Live) => {
    timers.delete(live);
    due = live;
    for (const listener of listeners.get(FAULTS[live.rule.fault].place) ?? []) listener();
    due = undefined;
  };
  const forget = (live: Live) => {
    timers.get(live)?.();
    timers.delete(live);
  };
  return {
    /** The rule whose moment it is. */
    due: () => due,
    listen: (place: Place, listener: () => void) =>
      void listeners.set(place, [...(listeners.get(place) ?? []), listener]),
    await(live: Live) {
      const atMs = live.rule.when?.atMs;
      if (atMs !== undefined)
        timers.set(
          live,
          clock.after(atMs, () => strike(live)),
        );
    },
    forget,
    forgetAll() {
      for (const live of timers.keys()) forget(live);
    },
  };
}
