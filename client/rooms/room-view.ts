/**
 * What a reader sees of a room's log: messages, notices, pins. An entry makes one object for as long as
 * it does not change, so that a view draws only what is new.
 */
import type { Entry } from '../../protocol/entry.ts';
import { type Message, type Notice, toEcho, toMessage, toNotice } from '../log/message.ts';
import type { Unsent } from '../sending/outbox.ts';
import { remembered } from '../remembered.ts';
import { stretch, type Timeline } from '../log/timeline.ts';

export interface RoomView {
  readonly messages: readonly Message[];
  readonly notices: readonly Notice[];
  readonly pinned: readonly Message[];
  readonly atStart: boolean;
  readonly atEnd: boolean;
}

/** Sees the same as before when neither the log nor the unsent messages have changed. */
export type ViewOf = (
  timeline: Timeline | undefined,
  unsent: readonly Unsent[],
  me: string | undefined,
) => RoomView;

export function createRoomView(): ViewOf {
  const messageOf = remembered((entry: Entry, me: string | undefined) => toMessage(entry, me));
  const noticeOf = remembered((entry: Entry) => toNotice(entry));
  const echoOf = remembered((unsent: Unsent) => toEcho(unsent));
  let last: { readonly of: readonly unknown[]; readonly view: RoomView } | undefined;

  return (timeline, unsent, me) => {
    const of = [timeline, me, ...unsent];
    if (last?.of.length === of.length && of.every((one, index) => one === last?.of[index])) {
      return last.view;
    }
    const entries = timeline === undefined ? [] : stretch(timeline);
    const said = entries
      .filter(({ kind }) => kind === 'message')
      .map((entry) => messageOf(entry, me));
    const atEnd = timeline !== undefined && (entries.at(-1)?.seq ?? 0) === timeline.end;
    // Anywhere else they would stand where they do not belong.
    const echoes = atEnd || timeline === undefined ? unsent.map((one) => echoOf(one)) : [];
    const view = {
      messages: [...said, ...echoes],
      notices: entries.flatMap((entry) => noticeOf(entry) ?? []),
      pinned: said.filter(({ pinned }) => pinned),
      atStart: timeline !== undefined && (entries[0]?.seq ?? 1) === 1,
      atEnd,
    };
    last = { of, view };
    return view;
  };
}
