import { join } from 'node:path';

import { Duration, Stage } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

import { Broadcaster } from './broadcaster.ts';
import { type Bundles, bundleFunctions } from './bundle.ts';
import { ChatApi, type Throttle } from './chat-api.ts';
import { ChatFunction } from './chat-function.ts';
import { ChatTables } from './chat-tables.ts';

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
 * A chat: WebSocket API, functions, tables and queue. Frames come in by route, are accepted into the
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
      this.broadcaster = new Broadcaster(this, 'Broadcaster', {
        bundles,
        tables: this.tables,
        api: this.api,
        logRetention,
      });
    } finally {
      bundles.dispose();
    }
  }

  private addRoutes(bundles: Bundles, props: ChatProps, logRetention: RetentionDays): void {
    const { api, tables } = this;
    const fn = (id: string, entry: (typeof ENTRIES)[number], description: string) =>
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
    tables.grantEnterRooms(authenticate);
    api.routeWithReply('authenticate', authenticate);

    const selectRoom = fn('SelectRoom', 'select-room', 'answers the latest messages of a room');
    this.grantTurns(selectRoom, props);
    tables.grantEnterRooms(selectRoom);
    tables.grantReadLog(selectRoom);
    api.routeWithReply('select_room', selectRoom);

    const newMessage = fn('NewMessage', 'new-message', 'accepts a message');
    this.grantTurns(newMessage, props);
    tables.grantAccept(newMessage);
    tables.grantReadLog(newMessage);
    newMessage.environment('inboxDays', days(props.idempotency ?? Duration.days(30)));
    api.grantPost(newMessage);
    api.route('new_message', newMessage);
  }

  /** What every action of a signed-in user needs: its turn, and whether the user is in the room. */
  private grantTurns(fn: ChatFunction, props: ChatProps): void {
    const { perSecond, burst } = props.connectionRate ?? { perSecond: 20, burst: 200 };
    if (!(perSecond > 0 && burst >= 1)) {
      throw new Error(
        `connectionRate must have perSecond > 0 and burst >= 1, not ${perSecond} and ${burst}`,
      );
    }
    this.tables.grantSession(fn);
    this.tables.grantMembership(fn);
    fn.environment('messagesPerSecond', String(perSecond));
    fn.environment('messagesBurst', String(burst));
  }
}

/** The functions, by their files under `lambdas/`. */
export const ENTRIES = [
  'connect',
  'disconnect',
  'default',
  'authenticate',
  'select-room',
  'new-message',
  'broadcast',
] as const;

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
