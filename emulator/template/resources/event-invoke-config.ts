import * as v from 'valibot';

import type { EventInvokeResource } from '../../model.ts';
import { outside } from '../../range.ts';
import { functionArn } from './function-arn.ts';
import { lambdaFunction, obstacleTo } from './function.ts';
import { number, text } from './properties.ts';
import { obstacleToQueue } from './queue.ts';
import { notRun, resourceType } from './resource-type.ts';
import type { Cloud, Contribution, ResolvedResource } from './resource-type.ts';

/**
 * `AWS::Lambda::EventInvokeConfig`, with queues and functions of the assembly for destinations. A
 * destination of another kind is off and named; the rest of the configuration holds. There are no
 * versions here, so of several configurations of a function the one of `$LATEST` holds, else the first.
 */
const MAX_RETRY_ATTEMPTS = 2;
const MIN_EVENT_AGE_SECONDS = 60;
/** Six hours; as long as AWS keeps an event unless told otherwise, too. */
const MAX_EVENT_AGE_SECONDS = 21_600;

const destination = v.optional(v.object({ Destination: v.optional(text) }), {});

const properties = v.object({
  FunctionName: text,
  Qualifier: v.optional(text, '$LATEST'),
  MaximumRetryAttempts: v.optional(number, MAX_RETRY_ATTEMPTS),
  MaximumEventAgeInSeconds: v.optional(number, MAX_EVENT_AGE_SECONDS),
  DestinationConfig: v.optional(v.object({ OnSuccess: destination, OnFailure: destination }), {
    OnSuccess: {},
    OnFailure: {},
  }),
});

type Config = ResolvedResource<v.InferOutput<typeof properties>>;

const ID_LENGTH = 12;

export const eventInvokeConfig = resourceType({
  type: 'AWS::Lambda::EventInvokeConfig',
  properties,
  identify: ({ id }) => ({ ref: id(ID_LENGTH) }),
  read(resource: Config, cloud): Contribution {
    const obstacle = obstacleIn(resource, cloud);
    if (obstacle !== undefined) return notRun(resource, obstacle);
    const { OnSuccess, OnFailure } = resource.properties.DestinationConfig;
    const success = readDestination('success', OnSuccess.Destination, resource, cloud);
    const failure = readDestination('failure', OnFailure.Destination, resource, cloud);
    const config: EventInvokeResource = {
      logicalId: resource.logicalId,
      path: resource.path,
      functionArn: functionOf(resource),
      maximumRetryAttempts: resource.properties.MaximumRetryAttempts,
      maximumEventAgeSeconds: resource.properties.MaximumEventAgeInSeconds,
      ...(success.arn === undefined ? {} : { onSuccessArn: success.arn }),
      ...(failure.arn === undefined ? {} : { onFailureArn: failure.arn }),
    };
    return {
      eventInvokes: [config],
      unsupported: [success, failure].flatMap(({ obstacle }) =>
        obstacle === undefined ? [] : (notRun(resource, obstacle).unsupported ?? []),
      ),
    };
  },
});

const functionOf = ({ properties, environment }: Config) =>
  functionArn(properties.FunctionName, environment);

/** Why AWS would refuse it, or nothing can come of it. */
function obstacleIn(resource: Config, cloud: Cloud): string | undefined {
  const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age } = resource.properties;
  const [least, most] = [MIN_EVENT_AGE_SECONDS, MAX_EVENT_AGE_SECONDS];
  return (
    outside('MaximumRetryAttempts', retries, 0, MAX_RETRY_ATTEMPTS) ??
    outside('MaximumEventAgeInSeconds', age, least, most) ??
    obstacleToFunction(functionOf(resource), cloud) ??
    (isInForce(resource, cloud) ? undefined : 'another one of its function holds, as for $LATEST')
  );
}

function isInForce(resource: Config, cloud: Cloud): boolean {
  const arn = functionOf(resource);
  const same = cloud.all(eventInvokeConfig).filter((other) => functionOf(other) === arn);
  const ofLatest = same.find(({ properties }) => properties.Qualifier === '$LATEST');
  return (ofLatest ?? same[0]) === resource;
}

function obstacleToFunction(arn: string, cloud: Cloud): string | undefined {
  const target = cloud
    .all(lambdaFunction)
    .find(({ identity }) => identity.attribute('Arn') === arn);
  const runs = target !== undefined && obstacleTo(target, cloud) === undefined;
  return runs ? undefined : `its function ${arn} is not run here`;
}

function readDestination(
  when: 'success' | 'failure',
  given: string | undefined,
  { environment }: Config,
  cloud: Cloud,
): { readonly arn?: string; readonly obstacle?: string } {
  if (given === undefined) return {};
  const isFunction = given.includes(':lambda:');
  const arn = isFunction ? functionArn(given, environment) : given;
  const obstacle = isFunction ? obstacleToFunction(arn, cloud) : obstacleToQueue(arn, cloud);
  if (obstacle === undefined) return { arn };
  return { obstacle: `its destination on ${when} ${given} is off: ${obstacle}` };
}
