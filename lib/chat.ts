import { join } from 'node:path';

import { Duration, Stage } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import { Broadcaster } from './broadcaster.ts';
import { type Bundles, bundleFunctions } from './bundle.ts';
import { ChatApi, type Throttle } from './chat-api.ts';
import { ChatFunction } from './chat-function.ts';
import { ChatTables, type RoomsRight } from './chat-tables.ts';
import { Digests } from './digests.ts';
import { Eraser } from './eraser.ts';
import { FanOut } from './fan-out.ts';

/** Everything has a default that is right for production. */
export interface ChatProps {
  /**
   * Last part of the WebSocket URL.
   * @default 'prod'
   */
  readonly stageName?: string;
  /**
   * Web origins a browser may connect from, such as `https://chat.example.com`, matched exactly.
   * @default - any; tokens are sent in a frame, so a foreign page has none to send
   */
  readonly allowedOrigins?: readonly string[];
  /**
   * How long a sender's uuid makes a repeat harmless; also how long a dead letter can be redriven.
   * @default Duration.days(30)
   */
  readonly idempotency?: Duration;
  /**
   * What one connection may send: `burst` frames at once, then `perSecond`.
   * @default { perSecond: 20, burst: 200 }
   */
  readonly connectionRate?: { readonly perSecond: number; readonly burst: number };
  /**
   * What each route takes from everybody together.
   * @default { rate: 2_000, burst: 4_000 }
   */
  readonly throttle?: Throttle;
  /**
   * Posts per second to all large rooms together. The account's throttle, 10,000 by default, is over all
   * that API Gateway does: what is left of it goes to small rooms, and to what comes in.
   * @default 8_000
   */
  readonly postsPerSecond?: number;
  /**
   * Connections above which a room is large: others than the broadcaster post to it, and who is online
   * in it is kept in several parts, each of about as many.
   * @default 2_000
   */
  readonly largeRoom?: number;
  /** @default RetentionDays.ONE_MONTH */
  readonly logRetention?: RetentionDays;
  /**
   * Keeps the tables when the stack is deleted, and refuses to delete them. False is for development.
   * @default true
   */
  readonly protectData?: boolean;
}

/** Longer than any route should take, well under API Gateway's 29 seconds. */
const ROUTE_TIMEOUT = Duration.seconds(10);
/** Almost a third of a CPU: a route is a few milliseconds of work around its waits. */
const ROUTE_MEMORY_MB = 512;

/**
 * A chat: WebSocket API, functions, tables and queue, some 250 resources of the 500 that a stack may
 * have: one to a stack. Frames come in by route, are accepted into the
 * Inbox, get their numbers on its stream, and are posted from there to the members online.
 */
export class Chat extends Construct {
  readonly api: ChatApi;
  readonly tables: ChatTables;
  readonly broadcaster: Broadcaster;

  constructor(scope: Construct, id: string, props: ChatProps = {}) {
    super(scope, id);
    const { stageName = 'prod', throttle = { rate: 2_000, burst: 4_000 } } = props;
    const { logRetention = RetentionDays.ONE_MONTH, protectData = true } = props;

    this.tables = new ChatTables(this, 'Tables', { protectData });
    this.api = new ChatApi(this, 'Api', { stageName, throttle });

    const maps = join(Stage.of(this)?.outdir ?? 'cdk.out', 'source-maps');
    const bundles = bundleFunctions(ENTRIES, maps);
    try {
      this.addRoutes(bundles, props, logRetention);
      const { tables, api } = this;
      const fanOut = new FanOut(this, 'LargeRooms', {
        bundles,
        tables,
        api,
        logRetention,
        postsPerSecond: positive('postsPerSecond', props.postsPerSecond ?? 8_000),
        largeRoom: positive('largeRoom', props.largeRoom ?? 2_000),
      });
      this.broadcaster = new Broadcaster(this, 'Broadcaster', {
        bundles,
        tables,
        api,
        fanOut,
        logRetention,
      });
      new Eraser(this, 'Eraser', { bundles, tables, logRetention });
      new Digests(this, 'Digests', { bundles, tables, api, logRetention });
    } finally {
      bundles.dispose();
    }
  }

  private addRoutes(bundles: Bundles, props: ChatProps, logRetention: RetentionDays): void {
    const { api, tables } = this;
    const fn: AddFunction = (id, entry, description) =>
      new ChatFunction(this, id, {
        bundles,
        entry,
        description,
        timeout: ROUTE_TIMEOUT,
        memory: ROUTE_MEMORY_MB,
        logRetention,
      });

    const connect = fn('Connect', 'connect', 'writes down that a socket was opened');
    tables.grantOpenSession(connect);
    if (props.allowedOrigins !== undefined) {
      connect.environment('allowedOrigins', origins(props.allowedOrigins));
    }
    api.route('$connect', connect);

    const disconnect = fn('Disconnect', 'disconnect', 'removes the rows of a closed socket');
    tables.grantForget(disconnect);
    api.route('$disconnect', disconnect);

    api.routeWithReply('$default', fn('Unrouted', 'default', 'refuses what no route takes'));

    const authenticate = fn('Authenticate', 'authenticate', 'turns a token into a session');
    tables.grantVerifyTokens(authenticate);
    tables.grantSession(authenticate);
    tables.grantRoomsOfUser(authenticate);
    tables.grantStillIn(authenticate);
    tables.grantEnterRooms(authenticate);
    tables.grantView(authenticate, 'DeleteItem');
    api.routeWithReply('authenticate', authenticate);

    const selectRoom = fn('SelectRoom', 'select-room', 'answers the latest messages of a room');
    this.grantTurns(selectRoom, props);
    tables.grantEnterRooms(selectRoom);
    tables.grantView(selectRoom, 'PutItem', 'DeleteItem');
    tables.grantReadLog(selectRoom);
    api.routeWithReply('select_room', selectRoom);

    for (const [id, entry, action, description] of READERS) {
      const reader = fn(id, entry, description);
      this.grantTurns(reader, props);
      tables.grantReadLog(reader);
      api.routeWithReply(action, reader);
    }
    const markRead = fn('MarkRead', 'mark-read', 'moves the read mark of a member');
    this.grantTurns(markRead, props);
    tables.grantReadMark(markRead);
    tables.grantReadLog(markRead);
    api.routeWithReply('mark_read', markRead);

    const listRooms = fn('ListRooms', 'list-rooms', 'answers the rooms of a user');
    this.grantTurns(listRooms, props, { asMember: false });
    tables.grantRoomList(listRooms);
    tables.grantReadLog(listRooms);
    tables.grantRecipients(listRooms);
    api.routeWithReply('list_rooms', listRooms);

    for (const [id, entry, action, description] of WRITERS) {
      const writer = fn(id, entry, description);
      this.grantTurns(writer, props);
      tables.grantAccept(writer);
      tables.grantReadLog(writer);
      writer.environment('inboxDays', days(props.idempotency ?? Duration.days(30)));
      api.grantPost(writer);
      api.route(action, writer);
      if (action === 'new_message') {
        // Slow mode takes the member's turn in the transaction that accepts the message.
        tables.grantRooms(writer, 'UpdateItem');
      }
    }
    this.addEphemeralRoutes(fn, props);
    this.addRoomRoutes(fn, props);
  }

  private addEphemeralRoutes(fn: AddFunction, props: ChatProps): void {
    const { api, tables } = this;
    const typing = fn('Typing', 'typing', 'shows that somebody types');
    const signal = fn('Signal', 'signal', 'shows a state to those who look');
    for (const ephemeral of [typing, signal]) {
      this.grantTurns(ephemeral, props);
      tables.grantRecipients(ephemeral);
      api.grantPost(ephemeral);
    }
    tables.grantSignalSlots(signal);
    api.routeWithReply('typing', typing);
    api.routeWithReply('signal', signal);
  }

  private addRoomRoutes(fn: AddFunction, props: ChatProps): void {
    const { api, tables } = this;
    for (const [id, entry, action, description, rights, knowsPeople] of CHANGES) {
      const change = fn(id, entry, description);
      this.grantTurns(change, props);
      tables.grantRooms(change, ...rights);
      if (knowsPeople) tables.grantPeople(change);
      if (LETS_IN.has(action)) tables.grantRoomsOfUser(change);
      tables.grantAccept(change);
      tables.grantReadLog(change);
      change.environment('inboxDays', days(props.idempotency ?? Duration.days(30)));
      api.grantPost(change);
      api.route(action, change);
    }
    for (const [id, entry, action, description, right] of SETTINGS) {
      const setting = fn(id, entry, description);
      this.grantTurns(setting, props);
      tables.grantRooms(setting, right);
      if (action === 'list_members') {
        tables.grantRecipients(setting);
        tables.grantLastSeen(setting);
      }
      api.routeWithReply(action, setting);
    }
    const publicRooms = fn('ListPublicRooms', 'list-public-rooms', 'lists the public rooms');
    this.grantTurns(publicRooms, props, { asMember: false });
    tables.grantPublicRooms(publicRooms);
    api.routeWithReply('list_public_rooms', publicRooms);
  }

  /** What every action of a signed-in user needs: its turn, and in a room, whether the user is in it. */
  private grantTurns(fn: ChatFunction, props: ChatProps, { asMember = true } = {}): void {
    const { perSecond, burst } = props.connectionRate ?? { perSecond: 20, burst: 200 };
    if (!(perSecond > 0 && burst >= 1)) {
      throw new Error(
        `connectionRate must have perSecond > 0 and burst >= 1, not ${perSecond} and ${burst}`,
      );
    }
    this.tables.grantSession(fn);
    if (asMember) this.tables.grantMembership(fn);
    fn.environment('messagesPerSecond', String(perSecond));
    fn.environment('messagesBurst', String(burst));
  }
}

/** Functions that read the log for a member, and reply: id, file, action, what it does. */
const READERS = [
  ['History', 'history', 'history', 'answers a part of the log of a room'],
  ['Sync', 'sync', 'sync', 'answers what a client lacks of its rooms'],
] as const;

/** Functions that accept an entry: id, file, action, what it does. */
const WRITERS = [
  ['NewMessage', 'new-message', 'new_message', 'accepts a message'],
  ['EditMessage', 'edit-message', 'edit_message', 'accepts an edit of a message'],
  ['DeleteMessage', 'delete-message', 'delete_message', 'accepts the delete of a message'],
  ['React', 'react', 'react', 'accepts a reaction to a message'],
  ['Pin', 'pin', 'pin', 'accepts the pin of a message'],
] as const;

/** Adds the function of a file, with an id and a description. */
type AddFunction = (
  id: string,
  entry: (typeof ENTRIES)[number],
  description: string,
) => ChatFunction;

/**
 * Functions that change a room and its people together with an entry: id, file, action, what it does,
 * what it writes, whether it asks who there is.
 */
const CHANGES = [
  ['CreateRoom', 'create-room', 'create_room', 'makes a room', ['PutItem'], false],
  ['OpenDirect', 'open-direct', 'open_direct', 'makes a room of two', ['PutItem'], true],
  [
    'Join',
    'join',
    'join',
    'lets somebody into a public room',
    ['PutItem', 'DeleteItem', 'ConditionCheckItem'],
    false,
  ],
  [
    'Leave',
    'leave',
    'leave',
    'lets a member go',
    ['PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem', 'Query'],
    false,
  ],
  [
    'Invite',
    'invite',
    'invite',
    'brings somebody into a room',
    ['PutItem', 'DeleteItem', 'ConditionCheckItem'],
    true,
  ],
  [
    'Kick',
    'kick',
    'kick',
    'puts a member out',
    ['PutItem', 'DeleteItem', 'ConditionCheckItem'],
    false,
  ],
  [
    'Ban',
    'ban',
    'ban',
    'puts somebody out for good',
    ['PutItem', 'DeleteItem', 'ConditionCheckItem'],
    true,
  ],
  [
    'SetRole',
    'set-role',
    'set_role',
    'gives a member a role',
    ['UpdateItem', 'ConditionCheckItem', 'Query'],
    false,
  ],
  [
    'RenameRoom',
    'rename-room',
    'rename_room',
    'gives a room a name',
    ['UpdateItem', 'ConditionCheckItem'],
    false,
  ],
] as const satisfies readonly (readonly [
  string,
  string,
  string,
  string,
  readonly RoomsRight[],
  boolean,
])[];

/** Changes that let somebody into a room, who must not be in too many. */
const LETS_IN: ReadonlySet<string> = new Set(['create_room', 'open_direct', 'join', 'invite']);

/** Functions that answer at once, about a room: id, file, action, what it does, its right. */
const SETTINGS = [
  ['Unban', 'unban', 'unban', 'ends a ban', 'DeleteItem'],
  ['Mute', 'mute', 'mute', 'mutes a member for a while', 'UpdateItem'],
  ['SetSlowMode', 'set-slow-mode', 'set_slow_mode', 'slows a room down', 'UpdateItem'],
  ['ListMembers', 'list-members', 'list_members', 'lists the members of a room', 'Query'],
] as const;

/** The functions, by their files under `lambdas/`. */
export const ENTRIES = [
  'connect',
  'disconnect',
  'default',
  'authenticate',
  'select-room',
  'new-message',
  'edit-message',
  'delete-message',
  'react',
  'pin',
  'history',
  'sync',
  'mark-read',
  'list-rooms',
  'create-room',
  'open-direct',
  'join',
  'leave',
  'invite',
  'kick',
  'ban',
  'unban',
  'set-role',
  'rename-room',
  'mute',
  'set-slow-mode',
  'list-members',
  'list-public-rooms',
  'typing',
  'signal',
  'broadcast',
  'erase',
  'presence',
  'receipts',
  'fan-out',
  'deliver',
] as const;

function positive(name: keyof ChatProps, value: number): number {
  if (value > 0) return value;
  throw new Error(`${name} must be greater than 0, not ${value}`);
}

/** A record must outlive the day that a stream keeps what it may bring again. */
function days(idempotency: Duration): string {
  const count = idempotency.toDays({ integral: false });
  if (count < 2) throw new Error(`idempotency must be at least 2 days, not ${count}`);
  return String(count);
}

function origins(allowed: readonly string[]): string {
  const wrong = allowed.find((origin) => URL.parse(origin)?.origin !== origin);
  if (wrong !== undefined) {
    throw new Error(`allowedOrigins must hold origins like https://chat.example.com, not ${wrong}`);
  }
  if (allowed.length === 0) throw new Error('allowedOrigins must name at least one origin');
  return allowed.join(' ');
}
