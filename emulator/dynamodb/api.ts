/**
 * DynamoDB and DynamoDB Streams as AWS's JSON APIs, in front of an engine: IAM is asked, capacity is
 * metered, ARNs are the model's, and whoever follows a table's stream is told of every write.
 *
 * What the engine does not know (backups, exports, global tables) is refused as it refuses it.
 */
import { randomUUID } from 'node:crypto';

import type { Activity } from '../activity.ts';
import type { Principal } from '../iam/principal.ts';
import { authorize } from '../iam/authorize.ts';
import type { Log } from '../log.ts';
import type { Meter } from '../meter/meter.ts';
import type { Role, TableResource } from '../model.ts';
import {
  type Service,
  serviceError,
  type ServiceRequest,
  type ServiceResponse,
} from '../service.ts';
import { type Answer, call, DYNAMODB, EngineRefusal, type Json, STREAMS } from './client.ts';
import { asInModel, hashKeyOf, type Names, tableArn } from './description.ts';
import type { Engine } from './engine.ts';
import { answerItems, isItemOperation } from './items-api.ts';
import { demands } from './permissions.ts';
import { answerStreams } from './streams-api.ts';
import { isJson, tableName, withTableNames } from './table-names.ts';

export interface DynamoDbOptions {
  readonly engine: Engine;
  readonly tables: readonly TableResource[];
  readonly region: string;
  readonly account: string;
  readonly meter: Meter;
  readonly activity: Activity;
  /** Gets the hint to a grant that is missing. */
  readonly log?: Log;
  /** A write to this table has succeeded. */
  onWrite(tableName: string): void;
}

export interface DynamoDb {
  readonly service: Service;
}

export function createDynamoDb(options: DynamoDbOptions): DynamoDb {
  const { region, account, activity } = options;
  const tables = new Map(options.tables.map((table) => [table.name, table]));
  const context: Context = { ...options, names: { region, account, tables } };
  return {
    async service(request) {
      const end = activity.begin();
      try {
        return await respond(request, context);
      } finally {
        end();
      }
    },
  };
}

interface Context extends Omit<DynamoDbOptions, 'tables'> {
  readonly names: Names;
}

async function respond(request: ServiceRequest, context: Context): Promise<ServiceResponse> {
  const target = request.headers['x-amz-target'] ?? '';
  const prefix = [DYNAMODB, STREAMS].find((name) => target.startsWith(name));
  if (prefix === undefined) return serviceError(400, 'UnknownOperationException', '');
  const operation = target.slice(prefix.length);
  const parsed = parse(request.body);
  if (parsed === undefined) {
    return serviceError(400, 'SerializationException', 'The body is not a JSON object');
  }
  const input = withTableNames(parsed);
  const refusal = judge(operation, input, request.principal, context);
  if (refusal !== undefined) return refusal;
  try {
    const { status, body } = await answer(prefix, operation, input, request.principal, context);
    return {
      status,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': randomUUID() },
      body: JSON.stringify(body),
    };
  } catch (error) {
    if (error instanceof EngineRefusal) return serviceError(400, error.type, error.message);
    // SDKs try this again, which helps when the engine was only out of reach.
    context.log?.('emulator', `the DynamoDB engine failed: ${String(error)}`);
    return serviceError(500, 'InternalServerError', 'The DynamoDB engine cannot be reached');
  }
}

function answer(
  prefix: string,
  operation: string,
  input: Json,
  principal: Principal,
  context: Context,
): Promise<Answer> {
  if (prefix === STREAMS) return answerStreams(operation, input, principal, context);
  if (isItemOperation(operation)) return answerItems(operation, input, principal, context);
  return answerTables(operation, input, context);
}

/** The operations on tables. An engine knows its own ARN only. */
async function answerTables(
  operation: string,
  input: Json,
  { engine, names }: Context,
): Promise<Answer> {
  const { ResourceArn } = input;
  const resource =
    typeof ResourceArn === 'string'
      ? { ResourceArn: await engineTableArn(engine, tableName(ResourceArn)) }
      : {};
  const { status, body } = await call(engine, `${DYNAMODB}${operation}`, { ...input, ...resource });
  return { status, body: asInModel(body, names) as Json };
}

async function engineTableArn(engine: Engine, TableName: string): Promise<string> {
  const { body } = await call(engine, `${DYNAMODB}DescribeTable`, { TableName });
  const table = body['Table'];
  return isJson(table) ? String(table['TableArn']) : TableName;
}

function judge(
  operation: string,
  input: Json,
  principal: Principal,
  { names, log }: Context,
): ServiceResponse | undefined {
  if (principal.kind === 'administrator') return undefined;
  const needed = demands(operation, input, {
    arn: (name) => tableArn(name, names),
    ...(hasConditions(principal.role)
      ? { hashKey: (name: string, index?: string) => hashKeyOf(names.tables.get(name), index) }
      : {}),
  });
  if (needed === 'unsupported') {
    const message = `PartiQL (${operation}) is not emulated for functions`;
    log?.(principal.functionName, message);
    return serviceError(400, 'ValidationException', message);
  }
  for (const { action, resource, context } of needed) {
    const verdict = authorize(principal, action, resource, context);
    if (verdict.allowed) continue;
    log?.(principal.functionName, `${verdict.message}; missing: ${verdict.hint}`);
    return serviceError(400, 'AccessDeniedException', verdict.message);
  }
  return undefined;
}

const hasConditions = ({ statements }: Role) =>
  statements.some(({ conditions }) => Object.keys(conditions).length > 0);

function parse(body: Buffer): Json | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
