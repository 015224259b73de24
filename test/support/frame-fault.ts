import * as v from 'valibot';

import { Content } from '../../protocol/content.ts';
import { ERROR_MESSAGES } from '../../protocol/errors.ts';
import { schemaOf } from '../../protocol/frames.ts';

/**
 * What is wrong with a frame of the server, if anything: the strict way to read one. A client bears
 * keys, codes and kinds that it does not know, because a newer server may send them; this server may
 * send nothing that its own schemas do not know. API Gateway's own errors are none of its frames.
 */
export function faultOf(frame: unknown): string | undefined {
  if (!isRecord(frame)) return 'no object';
  if (isGatewayError(frame)) return undefined;
  const [fault] = faultsOf(frame);
  return fault === undefined
    ? undefined
    : `${String(frame['action'])} ${String(frame['status'])}: ${fault}`;
}

type Json = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const isGatewayError = (frame: Json) => !('status' in frame) && 'requestId' in frame;

function faultsOf(frame: Json): readonly string[] {
  const schema = schemaOf(frame);
  if (schema === undefined) return ['no schema for that'];
  const { issues, output } = v.safeParse(schema, frame);
  if (issues !== undefined) return issues.flatMap((issue) => places(issue));
  // What a client signals is its own business.
  const { data: _, ...own } = frame;
  return [...lostKeys(frame, output), ...unknownCodes(own), ...unsaid(own)];
}

/** Where a schema was not met; of several that may be, each place in each. */
function places(issue: v.BaseIssue<unknown>, outer = ''): readonly string[] {
  const path = [outer, v.getDotPath(issue)].filter(Boolean).join('.');
  return issue.issues?.flatMap((inner) => places(inner, path)) ?? [`${path}: ${issue.message}`];
}

const within = (value: Json, path: string) =>
  Object.entries(value).map(([key, inner]) => ({ key, inner, place: `${path}${key}` }));

/** Keys that are in a value and not in its copy: a schema copies what it knows. */
function lostKeys(value: unknown, copy: unknown, path = ''): readonly string[] {
  if (!isRecord(value) || !isRecord(copy)) return [];
  return within(value, path).flatMap(({ key, inner, place }) =>
    Object.hasOwn(copy, key)
      ? lostKeys(inner, copy[key], `${place}.`)
      : [`${place}: no key of the schema`],
  );
}

/** Refusals, of a frame or of one room in it, by a code that the protocol has not. */
function unknownCodes(value: unknown, path = ''): readonly string[] {
  if (!isRecord(value) || isEntry(value)) return [];
  const { code } = value;
  return [
    ...(typeof code === 'string' && !Object.hasOwn(ERROR_MESSAGES, code)
      ? [`${path}code: ${code}`]
      : []),
    ...within(value, path).flatMap(({ inner, place }) => unknownCodes(inner, `${place}.`)),
  ];
}

/** Entries that do not say what their kind has to say; those that were erased say nothing. */
function unsaid(value: unknown, path = ''): readonly string[] {
  if (!isRecord(value)) return [];
  if (!isEntry(value)) {
    return within(value, path).flatMap(({ inner, place }) => unsaid(inner, `${place}.`));
  }
  const said = !('nonce' in value) || v.is(Content, value);
  return said ? [] : [`${path}kind: no content of ${String(value['kind'])}`];
}

const isEntry = (value: Json) => 'chain' in value && 'hash' in value;
