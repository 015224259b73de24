/**
 * Real sockets of one device, all that goes over them being written down; and its network, which can
 * be cut. What the device itself makes of it is not its business.
 */
import { type OpenSocket, openWebSocket } from '../../../client/index.ts';
import type { Entry } from '../../../protocol/entry.ts';
import { faultOf } from '../../support/frame-fault.ts';
import type { DeviceRecorder } from '../recorder.ts';

export interface RecordedNetwork {
  readonly openSocket: OpenSocket;
  /** Cuts what there is, and lets nothing through until it is up again. */
  down(): void;
  up(): void;
}

const LOST_CODE = 1006;

export function createRecordedNetwork(recorder: DeviceRecorder): RecordedNetwork {
  const cuts = new Set<() => void>();
  const wire = createWire(recorder);
  let isUp = true;
  return {
    openSocket(url, handlers) {
      let isOpen = true;
      const socket = openWebSocket(url, {
        open() {
          if (!isUp) lose();
          else if (isOpen) handlers.open();
        },
        message(text) {
          if (!isOpen) return;
          wire.down(text);
          handlers.message(text);
        },
        close: (code, reason) => end(() => handlers.close(code, reason)),
      });
      const end = (then: () => void) => {
        cuts.delete(lose);
        if (isOpen) then();
        isOpen = false;
      };
      const lose = () => {
        end(() => handlers.close(LOST_CODE, ''));
        socket.close();
      };
      cuts.add(lose);
      return {
        send(text) {
          if (!isOpen) return;
          wire.up(text);
          socket.send(text);
        },
        close(code) {
          end(() => {});
          socket.close(code);
        },
      };
    },
    down() {
      isUp = false;
      for (const lose of cuts) lose();
    },
    up() {
      isUp = true;
    },
  };
}

interface Frame {
  readonly uuid?: string | null;
  readonly action?: string | null;
  readonly status?: string;
  readonly code?: string;
  readonly room?: string;
  readonly text?: string;
  readonly head?: number;
  readonly message?: Entry;
  readonly entry?: Entry;
  readonly entries?: readonly Entry[];
  readonly room_messages?: readonly Entry[];
  readonly rooms?: unknown;
}

/** Reads frames as they pass. */
function createWire(recorder: DeviceRecorder) {
  const asked = new Set<string>();

  const told = ({ uuid, status, code, message, entry = message }: Frame) => {
    if (typeof uuid !== 'string' || !asked.has(uuid)) return;
    const outcome = status === 'error' ? 'refused' : status === 'accepted' ? 'accepted' : 'success';
    recorder.add({
      kind: 'told',
      uuid,
      outcome,
      ...(code === undefined ? {} : { code }),
      ...(entry === undefined ? {} : { seq: entry.seq }),
    });
  };
  const read = (frame: Frame) => {
    const { uuid, action, room = '', head = 0 } = frame;
    if (typeof uuid !== 'string') return;
    const add = (part: Pick<SyncedPart, 'head' | 'entries'>, of: string, contiguous: boolean) =>
      recorder.add({ kind: 'read', uuid, room: of, contiguous, ...part });
    if (action === 'select_room') add({ head, entries: frame.room_messages ?? [] }, room, false);
    if (action === 'history') add({ head, entries: frame.entries ?? [] }, room, true);
    if (action === 'sync') {
      for (const [of, part] of Object.entries(frame.rooms as Record<string, SyncedPart>)) {
        if (part.entries !== undefined) add({ head: part.head, entries: part.entries }, of, true);
      }
    }
    if (action === 'list_rooms') {
      for (const { id, head: newest, read: mark, unread } of frame.rooms as readonly Listed[]) {
        recorder.add({ kind: 'listed', uuid, room: id, head: newest, read: mark, unread });
      }
    }
  };

  return {
    up(text: string) {
      const { uuid, action, room, text: said } = parse(text) as Frame;
      if (typeof uuid !== 'string' || typeof action !== 'string') return;
      asked.add(uuid);
      recorder.add({
        kind: 'sent',
        uuid,
        action,
        ...(room === undefined ? {} : { room }),
        ...(said === undefined ? {} : { text: said }),
      });
    },
    down(text: string) {
      for (const frame of ([] as Frame[]).concat(parse(text) as Frame | Frame[])) {
        const fault = faultOf(frame);
        if (fault !== undefined) recorder.add({ kind: 'malformed', fault });
        // API Gateway's own errors have none, and say nothing of a room.
        if (frame.status === undefined) continue;
        const entry = frame.message ?? frame.entry;
        if (entry !== undefined) {
          recorder.add({ kind: 'heard', room: entry.room, entry, head: frame.head ?? 0 });
        }
        told(frame);
        if (frame.status === 'success') read(frame);
      }
    },
  };
}

interface SyncedPart {
  readonly head: number;
  readonly entries: readonly Entry[];
}

interface Listed {
  readonly id: string;
  readonly head: number;
  readonly read: number;
  readonly unread: number;
}

const parse = (text: string): unknown => JSON.parse(text);
