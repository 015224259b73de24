/**
 * The client library: `createChat` and what it speaks of. Runs in browsers and in Node alike, on nothing
 * but the platform and the protocol's schemas.
 */
export { createChat } from './create-chat.ts';
export type { Chat, ChatEvents, ChatOptions, PublicRoom } from './chat.ts';
export { systemClock } from './clock.ts';
export type { Clock } from './clock.ts';
export type { ConnectionState, ConnectionStateName } from './connection/connection-state.ts';
export type { Message, Notice } from './log/message.ts';
export { createMemoryStorage } from './sending/outbox-storage.ts';
export type { OutboxStorage, StoredMessage } from './sending/outbox-storage.ts';
export type { Outcome } from './outcome.ts';
export type { Problem } from './problem.ts';
export type { Member, Presence, Room, RoomEvents, RoomSummary } from './rooms/room.ts';
export type { Verification } from './log/seal.ts';
export { openWebSocket } from './connection/socket.ts';
export type { OpenSocket, Socket, SocketHandlers } from './connection/socket.ts';
