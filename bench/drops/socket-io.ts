/**
 * Socket.IO as its documentation sets it up for chat: rooms, the sender's acknowledgement, WebSocket from
 * the start; with `recovery` also its connection state recovery, in memory, for two minutes.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { Server, type Socket } from 'socket.io';
import { io } from 'socket.io-client';

import { type Contestant, type Place, roomName } from './contestant.ts';

/** How long a disconnected client's state is kept; Socket.IO's own example, too. */
const RECOVERY_MS = 2 * 60_000;

/** Milliseconds before the first attempt to reconnect, and at most: Socket.IO's defaults. */
const FIRST_WAIT_MS = 1_000;
const WAIT_MAX_MS = 5_000;

export const socketIo = (recovery: boolean): Contestant => ({
  async serve(rooms, roomSize) {
    const start = async (port: number) => {
      const http = createServer();
      const server = new Server(http, {
        transports: ['websocket'],
        ...(recovery ? { connectionStateRecovery: { maxDisconnectionDuration: RECOVERY_MS } } : {}),
      });
      server.on('connection', (socket) => void welcome(server, socket));
      await new Promise<void>((resolve) => void http.listen(port, '127.0.0.1', resolve));
      return { server, port: (http.address() as AddressInfo).port };
    };
    let running = await start(0);
    return {
      url: `ws://127.0.0.1:${running.port}/`,
      tokens: Array.from({ length: rooms }, (_, room) =>
        Array.from({ length: roomSize + 1 }, () => roomName(room)),
      ),
      async deploy() {
        await running.server.close();
        running = await start(running.port);
      },
    };
  },

  async join(place) {
    const socket = connect(place);
    socket.on('message', (id: string) => place.shown(id));
    await new Promise<void>((resolve) => void socket.once('connect', resolve));
    return { close: async () => void socket.disconnect() };
  },

  async speak(place) {
    const socket = connect(place);
    await new Promise<void>((resolve) => void socket.once('connect', resolve));
    return {
      async say(id) {
        await socket.emitWithAck('say', id);
      },
      close: async () => void socket.disconnect(),
    };
  },
});

async function welcome(server: Server, socket: Socket): Promise<void> {
  const room = String(socket.handshake.auth['room']);
  socket.on('say', (id: string, confirm: () => void) => {
    server.to(room).emit('message', id);
    confirm();
  });
  // Who was recovered is in the room already, and would lose nothing by this either.
  await socket.join(room);
}

const connect = ({ url, token, speed }: Omit<Place, 'shown'>) =>
  io(url.replace(/^ws/, 'http'), {
    transports: ['websocket'],
    auth: { room: token },
    forceNew: true,
    reconnectionDelay: FIRST_WAIT_MS / speed,
    reconnectionDelayMax: WAIT_MAX_MS / speed,
  });
