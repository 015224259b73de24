/**
 * The client library: `createChat` and what it speaks of. Runs in browsers and in Node alike, on nothing
 * but the platform and the protocol's schemas.
 */
export { createChat } from './chat.ts';
export type { Chat, ChatEvents, ChatOptions, PublicRoom } from './chat.ts';
export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export type { ConnectionState, ConnectionStateName } from './connection-state.ts';
export type { Message, Notice } from './message.ts';
export { createMemoryStorage } from './outbox-storage.ts';
export type { OutboxStorage, StoredMessage } from './outbox-storage.ts';
export type { Outcome } from './outcome.ts';
export type { Problem } from './problem.ts';
export type { Member, Presence, Room, RoomEvents, RoomSummary } from './room.ts';
export type { Verification } from './seal.ts';
export { openWebSocket } from './socket.ts';
export type { OpenSocket, Socket, SocketHandlers } from './socket.ts';
