import { type JsonSchema, toJsonSchemaDefs } from '@valibot/to-json-schema';

import { ACTIONS, type Action, DURABLE_ACTIONS } from '../protocol/actions.ts';
import { Content } from '../protocol/content.ts';
import { Entry } from '../protocol/entry.ts';
import { ERROR_MESSAGES } from '../protocol/errors.ts';
import { BY_ACTION } from '../protocol/frames.ts';
import * as lists from '../protocol/list-replies.ts';
import * as log from '../protocol/log-replies.ts';
import * as outcomes from '../protocol/outcomes.ts';
import * as pushed from '../protocol/pushed.ts';
import { requestMessage } from './asyncapi-request.ts';

/**
 * The protocol as an AsyncAPI 3 document, from the very schemas that read its frames: those of clients,
 * each with what answers it, and those that come unasked. What the words mean is in docs/protocol.md.
 */
export function asyncApi(): object {
  const requests = Object.fromEntries(ACTIONS.map((action) => [action, requestMessage(action)]));
  const answers = Object.fromEntries(FRAME_NAMES.map((name) => [name, frameMessage(name)]));
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
    channels: { socket: { address: '/', messages: { ...requests, ...answers, Batch: BATCH } } },
    operations: {
      ...Object.fromEntries(ACTIONS.map((action) => [action, ask(action)])),
      ...Object.fromEntries([...PUSHED_NAMES, 'Batch'].map((name) => [name, push(name)])),
    },
    components: { schemas: frameSchemas() },
  };
}

const CHANNEL = { $ref: '#/channels/socket' };

const messages = (...names: readonly string[]) =>
  names.map((name) => ({ $ref: `#/channels/socket/messages/${name}` }));

const ask = (action: Action) => ({
  action: 'receive',
  channel: CHANNEL,
  messages: messages(action),
  reply: { channel: CHANNEL, messages: messages(...answersTo(action), 'ErrorReply') },
});

const push = (name: string) => ({
  action: 'send',
  channel: CHANNEL,
  messages: messages(name),
});

/** Every frame of a server, under the name of its type. */
const FRAMES = {
  ErrorReply: outcomes.ErrorReply,
  AcceptedReply: outcomes.AcceptedReply,
  DoneReply: outcomes.DoneReply,
  AuthenticateReply: outcomes.AuthenticateReply,
  SelectRoomReply: log.SelectRoomReply,
  HistoryReply: log.HistoryReply,
  SyncReply: log.SyncReply,
  MarkReadReply: log.MarkReadReply,
  ListRoomsReply: lists.ListRoomsReply,
  ListMembersReply: lists.ListMembersReply,
  ListPublicRoomsReply: lists.ListPublicRoomsReply,
  Broadcast: pushed.Broadcast,
  TypingFrame: pushed.TypingFrame,
  SignalFrame: pushed.SignalFrame,
  PresenceFrame: pushed.PresenceFrame,
  ReceiptsFrame: pushed.ReceiptsFrame,
};
const FRAME_NAMES = Object.keys(FRAMES);
const PUSHED_NAMES = ['Broadcast', 'TypingFrame', 'SignalFrame', 'PresenceFrame', 'ReceiptsFrame'];

const schemaRef = (name: string) => `#/components/schemas/${name}`;

const frameMessage = (name: string) => ({ name, payload: { $ref: schemaRef(name) } });

/** With feature `batch`: several frames that come together. */
const BATCH = {
  name: 'Batch',
  payload: {
    type: 'array',
    items: { anyOf: FRAME_NAMES.map((name) => ({ $ref: schemaRef(name) })) },
  },
};

/** These are always entries; other durable actions are answered plainly when it is so already. */
const ABOUT_MESSAGES: readonly Action[] = [
  'new_message',
  'edit_message',
  'delete_message',
  'react',
  'pin',
];

function answersTo(action: Action): readonly string[] {
  const alone: Readonly<Record<string, unknown>> = BY_ACTION;
  const own = Object.entries(FRAMES).find(([, schema]) => schema === alone[action]);
  if (own !== undefined) return [own[0]];
  const durable = (DURABLE_ACTIONS as readonly Action[]).includes(action);
  return [
    ...(durable ? ['Broadcast', 'AcceptedReply'] : []),
    ...(ABOUT_MESSAGES.includes(action) ? [] : ['DoneReply']),
  ];
}

/**
 * Clients bear codes and kinds of entries that they do not know; a document of this version says
 * which there are. `Content` is what entries say, by their kind; of erased ones nothing is left.
 */
function frameSchemas() {
  const schemas = toJsonSchemaDefs(
    { Content, Entry, ...FRAMES },
    { errorMode: 'ignore', overrideRef: ({ referenceId }) => schemaRef(referenceId) },
  );
  const kinds = Content.options.map(({ entries }) => entries.kind.literal);
  return {
    ...schemas,
    Entry: narrowed(schemas.Entry, { kind: kinds }),
    ErrorReply: narrowed(schemas.ErrorReply, { code: Object.keys(ERROR_MESSAGES) }),
  };
}

const narrowed = (
  schema: JsonSchema,
  values: Readonly<Record<string, readonly string[]>>,
): object => ({
  ...schema,
  properties: {
    ...schema.properties,
    ...Object.fromEntries(
      Object.entries(values).map(([name, options]) => [name, { type: 'string', enum: options }]),
    ),
  },
});
