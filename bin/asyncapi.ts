import { toJsonSchema } from '@valibot/to-json-schema';

import { ACTION_FIELDS } from '../protocol/action-fields.ts';
import { ACTIONS, type Action } from '../protocol/actions.ts';
import { Content } from '../protocol/content.ts';
import { ERROR_MESSAGES } from '../protocol/errors.ts';
import { UUID_MAX_LENGTH } from '../protocol/limits.ts';

/**
 * The protocol as an AsyncAPI 3 document: the frames of clients from the very schemas that read them,
 * errors from their closed set, entries from the schema of what they say. What a success holds beside
 * that is in `protocol/replies.ts` and docs/protocol.md.
 */
export function asyncApi(): object {
  const requests = Object.fromEntries(ACTIONS.map((action) => [action, requestMessage(action)]));
  const messages = { ...requests, success: SUCCESS, accepted: ACCEPTED, error: ERROR };
  const refs = (names: readonly string[]) =>
    names.map((name) => ({ $ref: `#/channels/socket/messages/${name}` }));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parley',
      version: '0.1.0',
      description: 'Chat over one WebSocket. Every rule is in docs/protocol.md.',
      license: { name: 'Apache-2.0' },
    },
    defaultContentType: 'application/json',
    servers: { local: { host: '127.0.0.1:4000', pathname: '/prod', protocol: 'ws' } },
    channels: { socket: { address: '/', messages } },
    operations: {
      ask: {
        action: 'receive',
        channel: { $ref: '#/channels/socket' },
        messages: refs(ACTIONS),
        reply: {
          channel: { $ref: '#/channels/socket' },
          messages: refs(['success', 'accepted', 'error']),
        },
      },
      broadcast: {
        action: 'send',
        channel: { $ref: '#/channels/socket' },
        messages: refs(['success']),
      },
    },
  };
}

type JsonSchema = ReturnType<typeof toJsonSchema>;

const UUID = { type: 'string', minLength: 1, maxLength: UUID_MAX_LENGTH };

function requestMessage(action: Action) {
  const schemas = ACTION_FIELDS[action].map((schema) =>
    toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' }),
  );
  const fields = Object.fromEntries(
    schemas.flatMap(({ properties = {} }) => Object.entries(properties)),
  );
  return {
    name: action,
    payload: {
      type: 'object',
      properties: {
        uuid: UUID,
        action: { const: action },
        ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, plain(field)])),
      },
      required: [
        'uuid',
        'action',
        ...Object.keys(fields).filter((name) => isDemanded(fields[name])),
      ],
    },
  };
}

/** The schemas turn what is absent into something empty that is then refused in the protocol's words. */
const isDemanded = (field: unknown) =>
  typeof field === 'object' &&
  field !== null &&
  'default' in field &&
  (field.default === '' || Number.isNaN(field.default) || typeof field.default === 'object');

function plain(field: unknown): unknown {
  if (!isDemanded(field)) return field;
  const { default: _, ...rest } = field as JsonSchema;
  return rest;
}

const ERROR = {
  name: 'error',
  payload: {
    type: 'object',
    properties: {
      uuid: { type: ['string', 'null'] },
      action: { type: ['string', 'null'] },
      status: { const: 'error' },
      code: { enum: Object.keys(ERROR_MESSAGES) },
      error_message: { enum: Object.values(ERROR_MESSAGES) },
      room: { type: 'string' },
      retry_after: { type: 'number', description: 'Seconds' },
      head: { type: 'integer' },
    },
    required: ['uuid', 'action', 'status', 'code', 'error_message'],
  },
};

const ACCEPTED = {
  name: 'accepted',
  payload: {
    type: 'object',
    properties: {
      uuid: UUID,
      action: { enum: [...ACTIONS] },
      status: { const: 'accepted' },
      room: { type: 'string' },
    },
    required: ['uuid', 'action', 'status', 'room'],
  },
};

/** An entry says what its kind has to say, and where it stands. */
const ENTRY = {
  allOf: [
    toJsonSchema(Content, { errorMode: 'ignore', typeMode: 'input' }),
    {
      type: 'object',
      properties: {
        id: { type: 'string' },
        seq: { type: 'integer', minimum: 1 },
        n: { type: 'integer', minimum: 0 },
        user: { type: 'object', properties: { username: { type: 'string' } } },
        room: { type: 'string' },
        uuid: UUID,
        timestamp: { type: 'number', description: 'Seconds since the epoch' },
        hash: { type: 'string' },
        nonce: { type: 'string' },
        chain: { type: 'string' },
      },
      required: ['id', 'seq', 'n', 'user', 'room', 'uuid', 'timestamp', 'hash', 'chain'],
    },
  ],
};

const SUCCESS = {
  name: 'success',
  payload: {
    type: 'object',
    properties: {
      uuid: UUID,
      action: { enum: [...ACTIONS] },
      status: { const: 'success' },
      room: { type: 'string' },
      message: ENTRY,
      entry: ENTRY,
      head: { type: 'integer', minimum: 0 },
    },
    required: ['uuid', 'action', 'status'],
  },
};
