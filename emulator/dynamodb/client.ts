/**
 * Calls a DynamoDB engine: one POST in DynamoDB's JSON protocol over connections that stay open. The
 * emulator needs no SDK for it, since its engines want a signature to be there but do not check it;
 * so DynamoDB on AWS itself, which does, cannot be the engine.
 */
import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface Endpoint {
  readonly url: string;
  /** Holds the open connections; destroying it closes them. */
  readonly agent: HttpAgent;
}

export type Json = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** What stands before the operation in `x-amz-target`. */
export const DYNAMODB = 'DynamoDB_20120810.';
export const STREAMS = 'DynamoDBStreams_20120810.';

/** Milliseconds without a byte after which an engine is given up. */
const SILENCE_MAX_MS = 30_000;

const AUTHORIZATION =
  'AWS4-HMAC-SHA256 Credential=emulator/20260101/us-east-1/dynamodb/aws4_request, ' +
  'SignedHeaders=host, Signature=0';

export function createEndpoint(url: string): Endpoint {
  const Agent = url.startsWith('https:') ? HttpsAgent : HttpAgent;
  return { url, agent: new Agent({ keepAlive: true }) };
}

/** Sends a request; an error of DynamoDB is an answer like any other, an engine out of reach throws. */
export function call({ url, agent }: Endpoint, target: string, body: object): Promise<Answer> {
  const payload = JSON.stringify(body);
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      agent,
      method: 'POST',
      timeout: SILENCE_MAX_MS,
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'content-length': Buffer.byteLength(payload),
        'x-amz-target': target,
        'x-amz-date': '20260101T000000Z',
        authorization: AUTHORIZATION,
      },
    });
    sent.on('error', reject);
    sent.on('timeout', () => sent.destroy(new Error(`${url} does not answer`)));
    sent.on('response', (response) => {
      readAnswer(response).then(resolve, reject);
    });
    sent.end(payload);
  });
}

/** As `call`, for what only fails when something is wrong: any error throws. */
export async function demand(endpoint: Endpoint, target: string, body: object): Promise<Json> {
  const answer = await call(endpoint, target, body);
  if (answer.status === 200) return answer.body;
  const { message, Message = message } = answer.body;
  const text = typeof Message === 'string' ? Message : `${target}: status ${answer.status}`;
  throw new EngineRefusal(errorType(answer.body), text);
}

/** An error that the engine answered, in its words. */
export class EngineRefusal extends Error {
  /** E.g. `ResourceNotFoundException`. */
  readonly type: string;
  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** The short name in `__type`; empty when the body is no error. */
export function errorType(body: Json): string {
  const type = body['__type'];
  return typeof type === 'string' ? type.slice(type.indexOf('#') + 1) : '';
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return { status: response.statusCode ?? 0, body: JSON.parse(text) as Json };
}
