/** Doubles for tests of what is built on the client: no sockets, no waiting. */
export { createManualClock, type ManualClock } from './manual-clock.ts';
export type { Flow } from './flow.ts';
export { createSocketPairs, type SocketPairs } from './socket-pairs.ts';
export type { ServerSocket, TestFrame } from './server-socket.ts';
