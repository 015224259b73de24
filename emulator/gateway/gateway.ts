import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

import type { WebSocket } from 'ws';

import type { Service, ServiceRequest, ServiceResponse } from '../service.ts';
import { createAcceptance } from './acceptance.ts';
import type { AccountThrottle } from './account-throttle.ts';
import { UNTHROTTLED } from './account-throttle.ts';
import type { ApiContext } from './api-context.ts';
import { deployedStage } from './api-context.ts';
import { GOING_AWAY, LOST } from './close-codes.ts';
import type { Connection } from './connection.ts';
import { startConnection } from './connection.ts';
import type { Connections } from './connections.ts';
import { createConnections } from './connections.ts';
import { invokeDisconnect } from './disconnect.ts';
import type { Ending, EventSubject } from './events.ts';
import type { GatewayFaults } from './faults.ts';
import { readHandshakeRequest, readStageName } from './handshake-request.ts';
import { shakeHands } from './handshake.ts';
import type { Random } from './ids.ts';
import { createIds } from './ids.ts';
import { listen } from './incoming.ts';
import type { GatewayLimits } from './limits.ts';
import { AWS_LIMITS } from './limits.ts';
import { manageConnection, readConnectionPath } from './management.ts';
import { createMessageHandler } from './messages.ts';
import { createConnectionMinutes } from './connection-minutes.ts';
import { CLOSING, FORBIDDEN, UPGRADE_REQUIRED, refuse } from './refusal.ts';
import { createRouteThrottle } from './route-throttle.ts';
import { traceClose, traceOpen } from './tracing.ts';

/**
 * One WebSocket API of API Gateway, behind an HTTP server that somebody else runs: that server
 * hands over upgrades and plain requests, the gateway does the rest.
 *
 * The life of a connection reads top to bottom: handshake ($connect) → acceptance (101) →
 * messages, each to its route → close → $disconnect. Behaviour follows `aws.md`, to the byte where
 * bytes were recorded; what nobody has recorded is marked [UNV] where it is decided. Not copied:
 * custom domains, request models, integrations other than Lambda proxies, API keys, IAM on $connect,
 * access logs.
 */
export interface Gateway {
  /** Takes an `upgrade` of the HTTP server: answers it, and keeps the socket if it is admitted. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Answers `/<stage>/@connections/<id>`; any other plain request is refused as on AWS. */
  readonly service: Service;
  connections(): readonly ConnectionSummary[];
  /** Breaks an open connection off, with nothing said; false when there is none of this id. */
  cut(connectionId: string): boolean;
  /**
   * Closes every socket with 1001 and resolves when all are gone, after `closeWaitMs` at the latest.
   * No $disconnect runs: the functions are about to go, too.
   */
  close(): Promise<void>;
}

export interface ConnectionSummary {
  readonly connectionId: string;
  readonly stage: string;
  readonly sourceIp: string;
  /** Epoch milliseconds. */
  readonly connectedAt: number;
  readonly lastActiveAt: number;
}

export interface GatewayOptions extends Omit<
  ApiContext,
  'limits' | 'ids' | 'random' | 'throttle' | 'routeThrottle'
> {
  /** Default: AWS's quotas. */
  readonly limits?: Partial<GatewayLimits>;
  /** Default: the account has no quotas. */
  readonly throttle?: AccountThrottle;
  readonly faults?: GatewayFaults;
  /** Where ids get their random bytes; default: the system's. */
  readonly random?: Random;
}

export function createGateway(options: GatewayOptions): Gateway {
  const context = createContext(options);
  const { activity, clock, limits } = context;
  const connections = createConnections();
  const minutes = createConnectionMinutes(context);
  const accept = createAcceptance(limits);
  const handleMessage = createMessageHandler(context);
  const waiting = new Set<Duplex>();
  let closing = false;

  const end = (subject: EventSubject, ending: Ending) => {
    const invoke = () => {
      if (!closing) void invokeDisconnect(context, subject, ending);
    };
    const lateMs = options.faults?.disconnectLateMs(subject) ?? 0;
    if (lateMs === 0) invoke();
    else if (lateMs < Infinity) clock.after(lateMs, invoke);
  };

  const open = (subject: EventSubject, webSocket: WebSocket, socket: Duplex) => {
    const connection = startConnection(context, subject, webSocket, (ending) => {
      connections.remove(connection);
      traceClose(context, subject, ending.code);
      minutes.end(connection);
      end(subject, ending);
    });
    connections.add(connection);
    traceOpen(context, subject);
    minutes.begin(connection);
    listen(connection, webSocket, socket, limits, (text) => {
      if (options.faults?.hears(connection) !== false) void handleMessage(connection, text);
    });
    options.faults?.opened(connection);
  };

  const admit = async (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const handshake = readHandshakeRequest(request);
    const outcome = await shakeHands(context, handshake);
    // When the gateway closed meanwhile, the client has had its answer already.
    if (!waiting.delete(socket)) return;
    if (!outcome.admitted) return refuse(socket, outcome.refusal);
    const webSocket = accept(request, socket, head, outcome.protocol);
    // The client left while $connect ran, and the function, which took it in, is told so.
    if (webSocket === undefined) return end(outcome.subject, LOST);
    open(outcome.subject, webSocket, socket);
  };

  return {
    upgrade(request, socket, head) {
      socket.on('error', () => socket.destroy());
      if (closing) return refuse(socket, CLOSING);
      waiting.add(socket);
      const done = activity.begin();
      void admit(request, socket, head).finally(done);
    },
    service: async (request) => answer(context, connections, request),
    connections: () => connections.all().map(summarize),
    cut(connectionId) {
      const found = connections.all().find(({ subject }) => subject.connectionId === connectionId);
      found?.cut();
      return found !== undefined;
    },
    async close() {
      closing = true;
      for (const socket of waiting) refuse(socket, CLOSING);
      waiting.clear();
      const open = connections.all();
      for (const connection of open) connection.close(GOING_AWAY);
      await Promise.all(open.map(({ ended }) => ended));
    },
  };
}

function createContext(options: GatewayOptions): ApiContext {
  const random = options.random ?? randomBytes;
  return {
    ...options,
    random,
    limits: { ...AWS_LIMITS, ...options.limits },
    throttle: options.throttle ?? UNTHROTTLED,
    routeThrottle: createRouteThrottle(options.clock),
    ids: createIds(() => options.clock.now(), random),
  };
}

/** A plain request on a path where a WebSocket would be is told to upgrade; any other is forbidden. */
function answer(
  context: ApiContext,
  connections: Connections,
  request: ServiceRequest,
): ServiceResponse {
  const managed = readConnectionPath(request.path);
  if (managed !== undefined) return manageConnection(context, connections, managed, request);
  const stage = deployedStage(context, readStageName(request.path.replace(/\?.*$/s, '')));
  return stage === undefined ? FORBIDDEN : UPGRADE_REQUIRED;
}

function summarize(connection: Connection): ConnectionSummary {
  const { connectionId, stage, connectedAt, identity } = connection.subject;
  const { sourceIp } = identity;
  return { connectionId, stage, sourceIp, connectedAt, lastActiveAt: connection.lastActiveAt() };
}
