import * as v from 'valibot';

import { readTimetable } from '../../schedule/expression.ts';
import type { ScheduleTarget } from '../../model.ts';
import { arnIn } from '../environment.ts';
import { functionArn } from './function-arn.ts';
import { lambdaFunction } from './function.ts';
import { text } from './properties.ts';
import { notRun, resourceType } from './resource-type.ts';
import type { Cloud, Contribution, ResolvedResource } from './resource-type.ts';
import { roleOf } from './role.ts';

/**
 * `AWS::Events::Rule` with a schedule, and `AWS::Scheduler::Schedule` in UTC: both with functions of
 * the assembly for targets. Event patterns, buses, other targets, transformed inputs, dead-letter
 * queues and retry policies of targets are not run.
 */
const MAX_NAME = 64;

const DISABLED = 'DISABLED';

const ruleProperties = v.object({
  ScheduleExpression: v.optional(text),
  EventPattern: v.optional(v.unknown()),
  State: v.optional(text, 'ENABLED'),
  Targets: v.optional(
    v.array(
      v.object({
        Arn: text,
        Input: v.optional(text),
        InputPath: v.optional(text),
        InputTransformer: v.optional(v.unknown()),
      }),
    ),
    [],
  ),
});

const scheduleProperties = v.object({
  ScheduleExpression: text,
  ScheduleExpressionTimezone: v.optional(text, 'UTC'),
  GroupName: v.optional(text, 'default'),
  State: v.optional(text, 'ENABLED'),
  Target: v.object({ Arn: text, RoleArn: text, Input: v.optional(text) }),
});

type Rule = ResolvedResource<v.InferOutput<typeof ruleProperties>>;
type Schedule = ResolvedResource<v.InferOutput<typeof scheduleProperties>>;

export const rule = resourceType({
  type: 'AWS::Events::Rule',
  properties: ruleProperties,
  name: { property: 'Name', limit: MAX_NAME },
  identify: ({ name, environment }) => ({
    ref: name,
    attributes: { Arn: arnIn(environment, 'events', `rule/${name}`) },
  }),
  read(resource, cloud) {
    const { ScheduleExpression, EventPattern, State, Targets } = resource.properties;
    if (ScheduleExpression === undefined) return notRun(resource, 'event patterns are not run');
    const patterned = EventPattern === undefined ? [] : ['its event pattern is not run'];
    const obstacles = Targets.map((target) => ruleTargetObstacle(resource, target, cloud));
    const targets = Targets.filter((_target, index) => obstacles[index] === undefined).map(
      ({ Arn, Input }) => targetOf(resource, Arn, Input),
    );
    const reasons = [...patterned, ...obstacles];
    return contribution(resource, ScheduleExpression, State, targets, reasons);
  },
});

export const schedule = resourceType({
  type: 'AWS::Scheduler::Schedule',
  properties: scheduleProperties,
  name: { property: 'Name', limit: MAX_NAME },
  identify: ({ name, environment, declared }) => {
    const group = typeof declared['GroupName'] === 'string' ? declared['GroupName'] : 'default';
    return {
      ref: name,
      attributes: { Arn: arnIn(environment, 'scheduler', `schedule/${group}/${name}`) },
    };
  },
  read(resource: Schedule, cloud) {
    const { ScheduleExpression, ScheduleExpressionTimezone, State, Target } = resource.properties;
    if (!['UTC', 'Etc/UTC'].includes(ScheduleExpressionTimezone)) {
      return notRun(resource, `the time zone ${ScheduleExpressionTimezone} is not run, only UTC`);
    }
    const obstacle = functionObstacle(resource, Target.Arn, cloud);
    const role = roleOf(Target.RoleArn, cloud);
    const targets =
      obstacle === undefined ? [{ ...targetOf(resource, Target.Arn, Target.Input), role }] : [];
    return contribution(resource, ScheduleExpression, State, targets, [obstacle]);
  },
});

function contribution(
  resource: Rule | Schedule,
  expression: string,
  state: string,
  targets: readonly ScheduleTarget[],
  reasons: readonly (string | undefined)[],
): Contribution {
  const unread = `AWS does not read the schedule ${expression}`;
  const all = [...reasons, readTimetable(expression) === undefined ? unread : undefined];
  const unsupported = all.flatMap((reason) =>
    reason === undefined ? [] : (notRun(resource, reason).unsupported ?? []),
  );
  const { logicalId, path, identity } = resource;
  const arn = identity.attribute('Arn') ?? '';
  const runs = state !== DISABLED && targets.length > 0 && !all.includes(unread);
  return {
    schedules: runs ? [{ logicalId, path, name: identity.name, arn, expression, targets }] : [],
    unsupported,
  };
}

function targetOf({ environment }: Rule | Schedule, arn: string, input?: string): ScheduleTarget {
  return { functionArn: functionArn(arn, environment), ...(input === undefined ? {} : { input }) };
}

function ruleTargetObstacle(
  resource: Rule,
  { Arn, InputPath, InputTransformer }: Rule['properties']['Targets'][number],
  cloud: Cloud,
): string | undefined {
  return InputPath !== undefined || InputTransformer !== undefined
    ? `its target ${Arn} is off: transformed inputs are not run`
    : functionObstacle(resource, Arn, cloud);
}

function functionObstacle(
  { environment }: Rule | Schedule,
  arn: string,
  cloud: Cloud,
): string | undefined {
  const wanted = arn.includes(':lambda:') ? functionArn(arn, environment) : undefined;
  return cloud.all(lambdaFunction).some(({ identity }) => identity.attribute('Arn') === wanted)
    ? undefined
    : `its target ${arn} is not a function here`;
}
