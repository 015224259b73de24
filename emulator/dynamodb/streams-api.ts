/**
 * The DynamoDB Streams API for callers from outside: the engine's, with the records that an event
 * source mapping sees. Iterators begin with the ARN of their stream, as on AWS; the rest of them is
 * the engine's.
 */
import type { Principal } from '../iam/principal.ts';
import type { Meter } from '../meter/meter.ts';
import type { TableResource } from '../model.ts';
import { type Answer, call, type Endpoint, type Json, STREAMS } from './client.ts';
import { asInModel, type Names, pathOf, streamArn } from './description.ts';
import { iteratorStreamArn } from './permissions.ts';
import { type EngineRecord, sequenceNumber, toStreamRecord } from './stream-record.ts';
import { engineStreamArn } from './streams-client.ts';
import { isJson, tableName } from './table-names.ts';

export interface StreamsApiOptions {
  readonly engine: Endpoint & { readonly embedded: boolean };
  readonly names: Names;
  readonly meter: Meter;
}

/** Answers an operation of the Streams API; an engine's error is passed on as it is. */
export async function answerStreams(
  operation: string,
  input: Json,
  principal: Principal,
  { engine, names, meter }: StreamsApiOptions,
): Promise<Answer> {
  const { StreamArn, ShardIterator } = input;
  const ask = async (change: Json) =>
    call(engine, `${STREAMS}${operation}`, { ...input, ...change });

  if (operation === 'GetRecords' && typeof ShardIterator === 'string') {
    const arn = iteratorStreamArn(ShardIterator);
    const answer = await ask({ ShardIterator: ShardIterator.slice(`${arn}|1|`.length) });
    // Free for Lambda, which reads past this API; every call of anybody else is billed.
    if (answer.status === 200) {
      const cause = principal.kind === 'role' ? principal.cause : undefined;
      meter.add('dynamodb.streamReads', pathOf(tableName(arn), names), 1, cause);
    }
    return succeeded(answer, (body) => recordsOf(body, arn, names));
  }
  if (typeof StreamArn !== 'string') {
    return succeeded(await ask({}), (body) => asInModel(body, names) as Json);
  }
  const name = tableName(StreamArn);
  const answer = await ask({ StreamArn: await engineStreamArn(engine, name) });
  return succeeded(answer, (body) => {
    const { ShardIterator: iterator, StreamDescription: description } = body;
    if (typeof iterator === 'string') return { ShardIterator: `${StreamArn}|1|${iterator}` };
    if (!isJson(description)) return body;
    const shown = asInModel(description, names) as Json;
    return { StreamDescription: describe(shown, names.tables.get(name), engine.embedded) };
  });
}

function succeeded({ status, body }: Answer, change: (body: Json) => Json): Answer {
  return { status, body: status === 200 ? change(body) : body };
}

function recordsOf({ Records, NextShardIterator: next }: Json, arn: string, names: Names): Json {
  const table = names.tables.get(tableName(arn));
  const records = (Records as readonly EngineRecord[]).flatMap((record) => {
    const shown = toStreamRecord(record, {
      arn: streamArn(tableName(arn), '', names),
      region: names.region,
      viewType: table?.streamViewType ?? 'NEW_AND_OLD_IMAGES',
      clockAheadMs: 0,
    });
    if (shown === undefined) return [];
    const { eventSourceARN, userIdentity, ...rest } = shown;
    void eventSourceARN;
    if (userIdentity === undefined) return [rest];
    const { type: Type, principalId: PrincipalId } = userIdentity;
    return [{ ...rest, userIdentity: { Type, PrincipalId } }];
  });
  const iterator = typeof next === 'string' ? { NextShardIterator: `${arn}|1|${next}` } : {};
  return { Records: records, ...iterator };
}

/** Numbers as records have them, and what the embedded engine leaves out or says too much. */
function describe(description: Json, table: TableResource | undefined, embedded: boolean): Json {
  const shards = description['Shards'] as readonly Json[];
  const KeySchema = table?.keySchema.map(({ name, role }) => ({
    AttributeName: name,
    KeyType: role,
  }));
  return {
    ...description,
    ...(KeySchema === undefined ? {} : { KeySchema }),
    Shards: shards.map((shard) => {
      const { StartingSequenceNumber: start, EndingSequenceNumber: end } = (shard[
        'SequenceNumberRange'
      ] ?? {}) as Json;
      return {
        ...shard,
        SequenceNumberRange: {
          ...(typeof start === 'string' ? { StartingSequenceNumber: sequenceNumber(start) } : {}),
          // Its only shard is always open, and an open shard has no end.
          ...(typeof end === 'string' && !embedded
            ? { EndingSequenceNumber: sequenceNumber(end) }
            : {}),
        },
      };
    }),
  };
}
