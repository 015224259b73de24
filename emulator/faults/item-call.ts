import { DYNAMODB, type Json } from '../dynamodb/client.ts';
import { isJson, withTableNames } from '../dynamodb/table-names.ts';
import type { ServiceRequest, ServiceResponse } from '../service.ts';

/** One request to DynamoDB, as far as faults look into it. */
export interface ItemCall {
  readonly operation: string;
  /** Tables by name, not by ARN. */
  readonly input: Json;
}

/** Undefined for what is no call of DynamoDB: its streams have a service of their own. */
export function readItemCall({ headers, body }: ServiceRequest): ItemCall | undefined {
  const target = headers['x-amz-target'] ?? '';
  if (!target.startsWith(DYNAMODB)) return undefined;
  const input = readJson(body);
  return input && { operation: target.slice(DYNAMODB.length), input: withTableNames(input) };
}

/** The JSON object that a body is; undefined when it is none. */
export function readJson(body: ServiceResponse['body'] = ''): Json | undefined {
  try {
    const value: unknown = JSON.parse(body.toString());
    return isJson(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
