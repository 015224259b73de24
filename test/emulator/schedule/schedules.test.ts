import { Duration, Stack } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { CfnRule, Rule, RuleTargetInput, Schedule as RuleSchedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import {
  CfnSchedule,
  Schedule,
  ScheduleExpression,
  ScheduleTargetInput,
} from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import { describe, expect, onTestFinished, test } from 'vitest';

import { manualClock, startCloud } from '../../../emulator/index.ts';
import { modelOf, synthesize } from '../../support/templates.ts';

// A day of a cloud with schedules, in a moment: the clock is moved by hand.

const START = Date.UTC(2026, 0, 1, 12);
const HOUR_MS = 3_600_000;

const printer = (stack: Stack, id: string) =>
  new Function(stack, id, {
    functionName: id,
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline(
      'exports.handler = async (event) => console.log("event " + JSON.stringify(event));',
    ),
    timeout: Duration.seconds(10),
  });

async function start(build: (stack: Stack) => void) {
  const clock = manualClock(START);
  const lines: { readonly source: string; readonly line: string }[] = [];
  const cloud = await startCloud({
    assembly: synthesize((app) => build(new Stack(app, 'Timed'))),
    clock,
    log: (source, line) => lines.push({ source, line }),
  });
  onTestFinished(() => cloud.close());
  return {
    cloud,
    lines,
    /** Moves the clock on, and gives the events that functions printed since. */
    pass: async (ms: number) => {
      const seen = lines.length;
      clock.advance(ms);
      await cloud.settled();
      return lines.slice(seen).flatMap(({ line }) => {
        const [, json] = /event (\{.*\})$/.exec(line) ?? [];
        return json === undefined ? [] : [JSON.parse(json) as Record<string, unknown>];
      });
    },
  };
}

describe('[DOC o2] a rule with a schedule', () => {
  test('invokes its function by the clock of the cloud', async () => {
    const { pass } = await start((stack) => {
      const rule = new Rule(stack, 'Hourly', {
        ruleName: 'hourly',
        schedule: RuleSchedule.rate(Duration.hours(1)),
      });
      rule.addTarget(new LambdaFunction(printer(stack, 'sweep')));
    });
    expect(await pass(HOUR_MS - 1)).toEqual([]);
    expect(await pass(1)).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[\da-f-]{36}$/),
        'detail-type': 'Scheduled Event',
        source: 'aws.events',
        account: '000000000000',
        time: '2026-01-01T13:00:00Z',
        region: 'us-east-1',
        resources: ['arn:aws:events:us-east-1:000000000000:rule/hourly'],
        detail: {},
      },
    ]);
    const day = await pass(23 * HOUR_MS);
    expect(day).toHaveLength(23);
  });

  test('waits for a time that is weeks away', async () => {
    const { pass } = await start((stack) => {
      const rule = new Rule(stack, 'Monthly', {
        schedule: RuleSchedule.expression('cron(0 8 1 3 ? *)'),
      });
      rule.addTarget(
        new LambdaFunction(printer(stack, 'sweep'), {
          event: RuleTargetInput.fromObject({ own: 1 }),
        }),
      );
    });
    expect(await pass(58 * 24 * HOUR_MS)).toEqual([]);
    expect(await pass(24 * HOUR_MS)).toEqual([{ own: 1 }]);
  });

  test('invokes nothing without a permission, and names what is missing', async () => {
    const { cloud, lines, pass } = await start((stack) => {
      const fn = printer(stack, 'sweep');
      new CfnRule(stack, 'Rule', {
        name: 'bare',
        scheduleExpression: 'rate(1 hour)',
        targets: [{ arn: fn.functionArn, id: 'one' }],
      });
      new CfnPermission(stack, 'Else', {
        action: 'lambda:InvokeFunction',
        functionName: fn.functionName,
        principal: 'events.amazonaws.com',
        sourceArn: 'arn:aws:events:us-east-1:000000000000:rule/other',
      });
    });
    expect(await pass(HOUR_MS)).toEqual([]);
    expect(cloud.lambda.invocations()).toEqual([]);
    expect(lines.map(({ line }) => line).join('\n')).toContain(
      'no AWS::Lambda::Permission lets events.amazonaws.com invoke it from arn:aws:events:us-east-1:000000000000:rule/bare',
    );
  });

  test('that is disabled is not run', async () => {
    const { cloud } = await start((stack) => {
      const rule = new Rule(stack, 'Off', {
        schedule: RuleSchedule.rate(Duration.hours(1)),
        enabled: false,
      });
      rule.addTarget(new LambdaFunction(printer(stack, 'sweep')));
    });
    expect(cloud.model).toMatchObject({ schedules: [], unsupported: [] });
  });
});

describe('[DOC o3] a schedule of EventBridge Scheduler', () => {
  test('invokes as its role, with its input filled', async () => {
    const { pass } = await start((stack) => {
      new Schedule(stack, 'Every', {
        schedule: ScheduleExpression.rate(Duration.hours(2)),
        target: new LambdaInvoke(printer(stack, 'sweep'), {
          input: ScheduleTargetInput.fromObject({ at: '<aws.scheduler.scheduled-time>' }),
        }),
      });
    });
    expect(await pass(4 * HOUR_MS)).toEqual([
      { at: '2026-01-01T14:00:00Z' },
      { at: '2026-01-01T16:00:00Z' },
    ]);
  });

  test('invokes nothing as a role that may not, and names the grant', async () => {
    const { lines, pass } = await start((stack) => {
      const role = new Role(stack, 'Role', {
        assumedBy: new ServicePrincipal('scheduler.amazonaws.com'),
        managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('AmazonSQSFullAccess')],
      });
      new CfnSchedule(stack, 'Schedule', {
        flexibleTimeWindow: { mode: 'OFF' },
        scheduleExpression: 'rate(1 hour)',
        target: { arn: printer(stack, 'sweep').functionArn, roleArn: role.roleArn },
      });
    });
    expect(await pass(HOUR_MS)).toEqual([]);
    expect(lines).toMatchObject([
      { source: 'Timed/Schedule', line: expect.stringContaining('invoked.grantInvoke(fn)') },
    ]);
  });
});

describe('what schedules there are not', () => {
  const unsupported = (build: (stack: Stack) => void) =>
    modelOf((app: App) => build(new Stack(app, 'Timed'))).unsupported.map(({ path, reason }) => [
      path,
      reason,
    ]);

  test('is named: patterns, other targets, other time zones, what AWS does not read', () => {
    const found = unsupported((stack) => {
      const fn = printer(stack, 'sweep');
      const target = { arn: fn.functionArn, id: 'one' };
      new CfnRule(stack, 'Pattern', { eventPattern: { source: ['own'] }, targets: [target] });
      new CfnRule(stack, 'Target', {
        scheduleExpression: 'rate(1 hour)',
        targets: [{ arn: 'arn:aws:sns:us-east-1:000000000000:topic', id: 'one' }],
      });
      new CfnRule(stack, 'Path', {
        scheduleExpression: 'rate(1 hour)',
        targets: [{ ...target, inputPath: '$.time' }],
      });
      new CfnRule(stack, 'Unread', { scheduleExpression: 'rate(1 hours)', targets: [target] });
      new CfnSchedule(stack, 'Zone', {
        flexibleTimeWindow: { mode: 'OFF' },
        scheduleExpression: 'rate(1 hour)',
        scheduleExpressionTimezone: 'Europe/Berlin',
        target: { arn: fn.functionArn, roleArn: 'arn:aws:iam::000000000000:role/own' },
      });
    });
    expect(found).toEqual([
      ['Timed/Pattern', 'event patterns are not run'],
      [
        'Timed/Target',
        'its target arn:aws:sns:us-east-1:000000000000:topic is not a function here',
      ],
      ['Timed/Path', expect.stringContaining('transformed inputs are not run')],
      ['Timed/Unread', 'AWS does not read the schedule rate(1 hours)'],
      ['Timed/Zone', 'the time zone Europe/Berlin is not run, only UTC'],
    ]);
  });
});
