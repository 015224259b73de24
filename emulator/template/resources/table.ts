import * as v from 'valibot';

import { arnIn } from '../environment.ts';
import type { Environment } from '../environment.ts';
import type { KeyElement, TableIndex, TableResource } from '../../model.ts';
import { flag } from './properties.ts';
import { resourceType } from './resource-type.ts';
import type { Identity, Named, ResolvedResource } from './resource-type.ts';

/**
 * `AWS::DynamoDB::Table` and `AWS::DynamoDB::GlobalTable` (CDK's `TableV2`), which differ in nothing
 * that matters in one region: replicas elsewhere, capacity, backups and encryption are not copied.
 */
const MAX_TABLE_NAME = 255;

/** AWS's label is the time at which the stream was switched on; here it is always this one. */
const STREAM_LABEL = '2026-01-01T00:00:00.000';

const keySchema = v.array(
  v.object({ AttributeName: v.string(), KeyType: v.picklist(['HASH', 'RANGE']) }),
);

const indexes = v.optional(
  v.array(
    v.object({
      IndexName: v.string(),
      KeySchema: keySchema,
      Projection: v.object({
        ProjectionType: v.optional(v.picklist(['ALL', 'KEYS_ONLY', 'INCLUDE']), 'ALL'),
        NonKeyAttributes: v.optional(v.array(v.string()), []),
      }),
    }),
  ),
  [],
);

const properties = v.object({
  KeySchema: keySchema,
  AttributeDefinitions: v.optional(
    v.array(v.object({ AttributeName: v.string(), AttributeType: v.picklist(['S', 'N', 'B']) })),
    [],
  ),
  GlobalSecondaryIndexes: indexes,
  LocalSecondaryIndexes: indexes,
  StreamSpecification: v.optional(
    v.object({
      StreamViewType: v.picklist(['NEW_IMAGE', 'OLD_IMAGE', 'NEW_AND_OLD_IMAGES', 'KEYS_ONLY']),
    }),
  ),
  TimeToLiveSpecification: v.optional(
    v.object({ AttributeName: v.optional(v.string()), Enabled: flag }),
  ),
});

type Properties = v.InferOutput<typeof properties>;

const common = {
  properties,
  name: { property: 'TableName', limit: MAX_TABLE_NAME },
  identify: ({ name, environment }: Named): Identity => ({
    ref: name,
    attributes: {
      Arn: tableArn(name, environment),
      StreamArn: streamArn(name, environment),
      TableId: name,
    },
  }),
  read: (resource: ResolvedResource<Properties>) => ({ tables: [readTable(resource)] }),
};

export const table = resourceType({ type: 'AWS::DynamoDB::Table', ...common });

export const globalTable = resourceType({ type: 'AWS::DynamoDB::GlobalTable', ...common });

/** The table as the model has it. */
export function readTable(resource: ResolvedResource<Properties>): TableResource {
  const { logicalId, path, identity, environment, properties } = resource;
  const { StreamSpecification: stream, TimeToLiveSpecification: ttl } = properties;
  const expires = ttl?.Enabled === true ? ttl.AttributeName : undefined;
  return {
    logicalId,
    path,
    name: identity.name,
    arn: tableArn(identity.name, environment),
    ...(stream === undefined
      ? {}
      : {
          streamArn: streamArn(identity.name, environment),
          streamViewType: stream.StreamViewType,
        }),
    keySchema: readKey(properties.KeySchema),
    attributes: properties.AttributeDefinitions.map(({ AttributeName, AttributeType }) => ({
      name: AttributeName,
      type: AttributeType,
    })),
    globalIndexes: readIndexes(properties.GlobalSecondaryIndexes),
    localIndexes: readIndexes(properties.LocalSecondaryIndexes),
    ...(expires === undefined ? {} : { ttlAttribute: expires }),
  };
}

const tableArn = (name: string, environment: Environment) =>
  arnIn(environment, 'dynamodb', `table/${name}`);

const streamArn = (name: string, environment: Environment) =>
  `${tableArn(name, environment)}/stream/${STREAM_LABEL}`;

function readKey(schema: Properties['KeySchema']): KeyElement[] {
  return schema.map(({ AttributeName, KeyType }) => ({ name: AttributeName, role: KeyType }));
}

function readIndexes(declared: Properties['GlobalSecondaryIndexes']): TableIndex[] {
  return declared.map(({ IndexName, KeySchema, Projection }) => ({
    name: IndexName,
    keySchema: readKey(KeySchema),
    projection: { type: Projection.ProjectionType, attributes: Projection.NonKeyAttributes },
  }));
}
