import { randomUUID } from 'node:crypto';

import type { Clock } from '../clock.ts';
import { authorize } from '../iam/authorize.ts';
import type { Lambda } from '../lambda/functions.ts';
import type { Log } from '../log.ts';
import type { ScheduleResource, ScheduleTarget } from '../model.ts';
import { readTimetable } from './expression.ts';

/**
 * Runs the schedules of a cloud by its clock: a due one sends its event to each target, as an
 * asynchronous invocation. A rule needs an `AWS::Lambda::Permission` for `events.amazonaws.com`, a
 * schedule of EventBridge Scheduler a role that may invoke. What falls due while nothing runs is lost,
 * and AWS's flexible windows, jitter and double deliveries are not copied.
 */
export interface Schedules {
  close(): void;
}

export interface SchedulesOptions {
  readonly schedules: readonly ScheduleResource[];
  readonly account: string;
  readonly region: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly send: Lambda['send'];
}

/** The longest that one timer waits, in milliseconds: Node's own end at some 24 days. */
const LONGEST_WAIT_MS = 86_400_000;

export function startSchedules(options: SchedulesOptions): Schedules {
  const timers = options.schedules.map((schedule) => startSchedule(options, schedule));
  return {
    close() {
      for (const stop of timers) stop();
    },
  };
}

function startSchedule(options: SchedulesOptions, schedule: ScheduleResource): () => void {
  const { clock } = options;
  const timetable = readTimetable(schedule.expression);
  const startedAt = clock.now();
  let cancel = () => {};
  const wait = (due: number | undefined) => {
    if (due === undefined) return;
    const left = due - clock.now();
    cancel = clock.after(Math.min(left, LONGEST_WAIT_MS), () => {
      if (left > LONGEST_WAIT_MS) return wait(due);
      for (const target of schedule.targets) run(options, schedule, target, due);
      wait(timetable?.next(due, startedAt));
    });
  };
  wait(timetable?.next(startedAt, startedAt));
  return () => cancel();
}

function run(
  options: SchedulesOptions,
  schedule: ScheduleResource,
  target: ScheduleTarget,
  due: number,
): void {
  const { log, send } = options;
  const event = eventOf(options, schedule, target, due);
  if (target.role === undefined) {
    const service = 'events.amazonaws.com';
    const sent = send(target.functionArn, event, {
      kind: 'service',
      service,
      sourceArn: schedule.arn,
    });
    if (sent !== 'sent') log(schedule.path, `${target.functionArn} was not invoked: ${sent}`);
    return;
  }
  const principal = { kind: 'role', role: target.role, functionName: schedule.name } as const;
  const verdict = authorize(principal, 'lambda:InvokeFunction', target.functionArn);
  if (!verdict.allowed) return log(schedule.path, `${verdict.message}; missing: ${verdict.hint}`);
  const sent = send(target.functionArn, event, { kind: 'authorized' });
  if (sent !== 'sent') log(schedule.path, `${target.functionArn} was not invoked: ${sent}`);
}

/** A target's own input, or the event that says which schedule was due when. */
function eventOf(
  { account, region }: SchedulesOptions,
  schedule: ScheduleResource,
  { input, role }: ScheduleTarget,
  due: number,
): unknown {
  const time = new Date(due).toISOString().replace(/\.\d{3}Z$/, 'Z');
  const id = randomUUID();
  if (input !== undefined) return readInput(input, { ...schedule, time, id });
  return {
    version: '0',
    id,
    'detail-type': 'Scheduled Event',
    source: role === undefined ? 'aws.events' : 'aws.scheduler',
    account,
    time,
    region,
    resources: [schedule.arn],
    detail: {},
  };
}

/** The Scheduler's `<aws.scheduler.…>` are filled; a text that is not JSON is handed over as it is. */
function readInput(
  input: string,
  { arn, time, id }: { readonly arn: string; readonly time: string; readonly id: string },
): unknown {
  const filled = input
    .replaceAll('<aws.scheduler.schedule-arn>', arn)
    .replaceAll('<aws.scheduler.scheduled-time>', time)
    .replaceAll('<aws.scheduler.execution-id>', id)
    .replaceAll('<aws.scheduler.attempt-number>', '1');
  try {
    return JSON.parse(filled) as unknown;
  } catch {
    return filled;
  }
}
