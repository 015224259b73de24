/**
 * Descriptions of tables and streams as the model has them. An engine lives in a region and an
 * account of its own making and its streams have labels of their own; callers must see the ARNs that
 * the template's policies and event source mappings name. Pure.
 */
import type { TableResource } from '../model.ts';
import { isJson } from './table-names.ts';

export interface Names {
  readonly region: string;
  readonly account: string;
  /** By name. */
  readonly tables: ReadonlyMap<string, TableResource>;
}

export function tableArn(tableName: string, { region, account, tables }: Names): string {
  const arn = `arn:aws:dynamodb:${region}:${account}:table/${tableName}`;
  return tables.get(tableName)?.arn ?? arn;
}

/** The partition key of a table, or of an index of it; `''` when there is no such thing. */
export function hashKeyOf(table: TableResource | undefined, index?: string): string {
  const indexes = [...(table?.globalIndexes ?? []), ...(table?.localIndexes ?? [])];
  const owner = index === undefined ? table : indexes.find(({ name }) => name === index);
  return owner?.keySchema.find(({ role }) => role === 'HASH')?.name ?? '';
}

/** The construct path of a table or of an index of it; its name where the model has no such table. */
export function pathOf(tableName: string, { tables }: Names, index?: string): string {
  const path = tables.get(tableName)?.path ?? tableName;
  return index === undefined ? path : `${path}/index/${index}`;
}

/** The ARN of a table's stream; the label is the engine's own where the model has no stream. */
export function streamArn(tableName: string, label: string, names: Names): string {
  const arn = names.tables.get(tableName)?.streamArn;
  return arn ?? `${tableArn(tableName, names)}/stream/${label}`;
}

/** Anything an engine says about tables and streams, in the names of the model. */
export function asInModel(value: unknown, names: Names): unknown {
  return rename(value, names, undefined);
}

function rename(value: unknown, names: Names, around: TableResource | undefined): unknown {
  if (typeof value === 'string') return renameArn(value, names);
  if (Array.isArray(value)) return value.map((element) => rename(element, names, around));
  if (!isJson(value)) return value;
  const table = names.tables.get(String(value['TableName'])) ?? around;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      streamProperty(key, table) ?? rename(inner, names, table),
    ]),
  );
}

function renameArn(text: string, names: Names): string {
  const [, table, stream, rest = ''] =
    /^arn:[^:]*:dynamodb:[^/]*:table\/([^/]+)(?:\/stream\/(.+))?(\/.+)?$/.exec(text) ?? [];
  if (table === undefined) return text;
  if (stream !== undefined) return streamArn(table, stream, names);
  return `${tableArn(table, names)}${rest}`;
}

/** What the model says of a table's stream; undefined for any other property. */
function streamProperty(key: string, table: TableResource | undefined): string | undefined {
  if (key === 'StreamViewType') return table?.streamViewType;
  if (key === 'LatestStreamLabel' || key === 'StreamLabel')
    return table?.streamArn?.split('/').at(-1);
  return undefined;
}
