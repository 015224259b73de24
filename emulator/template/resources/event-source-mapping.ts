import * as v from 'valibot';

import { functionArn } from './function-arn.ts';
import { lambdaFunction, obstacleTo } from './function.ts';
import { flag, number, text } from './properties.ts';
import { obstacleToQueue } from './queue.ts';
import { notRun, resourceType } from './resource-type.ts';
import type { Cloud, ResolvedResource } from './resource-type.ts';
import { globalTable, readTable, table } from './table.ts';

/**
 * `AWS::Lambda::EventSourceMapping` from the stream of a table of the assembly. Other sources (queues,
 * Kinesis) and tumbling windows are not run; a destination that is not a queue is off.
 */
const UUID_LENGTH = 32;
const DEFAULT_BATCH_SIZE = 100;
const WITHOUT_LIMIT = -1;

const properties = v.object({
  EventSourceArn: v.optional(text, ''),
  FunctionName: text,
  Enabled: v.optional(flag, true),
  StartingPosition: v.optional(v.picklist(['TRIM_HORIZON', 'LATEST']), 'TRIM_HORIZON'),
  BatchSize: v.optional(number, DEFAULT_BATCH_SIZE),
  MaximumBatchingWindowInSeconds: v.optional(number, 0),
  ParallelizationFactor: v.optional(number, 1),
  MaximumRetryAttempts: v.optional(number, WITHOUT_LIMIT),
  MaximumRecordAgeInSeconds: v.optional(number, WITHOUT_LIMIT),
  BisectBatchOnFunctionError: v.optional(flag, false),
  FunctionResponseTypes: v.optional(v.array(text), []),
  TumblingWindowInSeconds: v.optional(number, 0),
  FilterCriteria: v.optional(
    v.object({ Filters: v.optional(v.array(v.object({ Pattern: text })), []) }),
    {},
  ),
  DestinationConfig: v.optional(
    v.object({ OnFailure: v.optional(v.object({ Destination: v.optional(text) }), {}) }),
    {},
  ),
});

type Mapping = ResolvedResource<v.InferOutput<typeof properties>>;

export const eventSourceMapping = resourceType({
  type: 'AWS::Lambda::EventSourceMapping',
  properties,
  identify: ({ id }) => ({ ref: id(UUID_LENGTH), attributes: { Id: id(UUID_LENGTH) } }),
  read(resource, cloud) {
    const obstacle = obstacleIn(resource, cloud);
    if (obstacle !== undefined) return notRun(resource, obstacle);
    const { logicalId, path, environment, properties } = resource;
    const given = properties.DestinationConfig.OnFailure.Destination;
    const trouble = given === undefined ? undefined : obstacleToQueue(given, cloud);
    const onFailureArn = trouble === undefined ? given : undefined;
    return {
      mappings: [
        {
          logicalId,
          path,
          streamArn: properties.EventSourceArn,
          functionArn: functionArn(properties.FunctionName, environment),
          enabled: properties.Enabled,
          startingPosition: properties.StartingPosition,
          batchSize: properties.BatchSize,
          batchingWindowSeconds: properties.MaximumBatchingWindowInSeconds,
          parallelizationFactor: properties.ParallelizationFactor,
          maximumRetryAttempts: properties.MaximumRetryAttempts,
          maximumRecordAgeSeconds: properties.MaximumRecordAgeInSeconds,
          bisectOnError: properties.BisectBatchOnFunctionError,
          reportBatchItemFailures:
            properties.FunctionResponseTypes.includes('ReportBatchItemFailures'),
          filters: properties.FilterCriteria.Filters.map(({ Pattern }) => Pattern),
          ...(onFailureArn === undefined ? {} : { onFailureArn }),
        },
      ],
      ...(trouble === undefined
        ? {}
        : notRun(resource, `its destination on failure ${given} is off: ${trouble}`)),
    };
  },
});

function obstacleIn({ properties, environment }: Mapping, cloud: Cloud): string | undefined {
  const { EventSourceArn, FunctionName, TumblingWindowInSeconds } = properties;
  const tables = [...cloud.all(table), ...cloud.all(globalTable)].map(readTable);
  if (!tables.some(({ streamArn }) => streamArn === EventSourceArn)) {
    return `its source ${EventSourceArn || '(none)'} is not the stream of a table here`;
  }
  const arn = functionArn(FunctionName, environment);
  const target = cloud
    .all(lambdaFunction)
    .find(({ identity }) => identity.attribute('Arn') === arn);
  if (target === undefined || obstacleTo(target, cloud) !== undefined) {
    return `its function ${arn} is not run here`;
  }
  return TumblingWindowInSeconds > 0 ? 'tumbling windows are not run' : undefined;
}
