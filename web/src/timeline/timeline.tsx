/**
 * What was said in a room, endless both ways: near an edge more is loaded, and the reader's place is kept
 * whatever comes in. One is at the end, and stays there; or reads further up, and is offered the way back.
 * All of it is one stop of the tabulator, with arrows to move in it.
 */
import type { JSX } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';

import type { Message, Room } from '../../../client/index.ts';
import { useLanguage } from '../language/language-context.ts';
import { LatestButton } from './latest-button.tsx';
import { useLiveChat } from '../live-chat.ts';
import type { MessageHandlers } from '../message/message-handlers.ts';
import { roomTitle } from '../rooms/room-title.ts';
import { useRoving } from '../controls/roving.ts';
import { seenBy } from './seen-by.ts';
import { TimelineRow } from './timeline-row.tsx';
import { type TimelineScroll, useTimelineScroll } from './timeline-scroll.ts';
import { timelineRows } from './timeline-rows.ts';
import { UnreadAbove } from './unread-above.tsx';
import { useInnerKeys } from '../controls/use-inner-keys.ts';
import { isLooking, useReading } from '../room/use-reading.ts';
import { useRoom } from '../room/use-room.ts';

/** A message to bring into view, or the newest one. A new object each time, even for the same one. */
export interface Wanted {
  readonly seq: number | 'latest';
}

export interface TimelineProps {
  readonly room: Room;
  readonly wanted: Wanted | undefined;
  readonly handlers: MessageHandlers;
}

export function Timeline({ room: { id }, wanted, handlers }: TimelineProps): JSX.Element {
  const { words } = useLanguage();
  const { user } = useLiveChat();
  const room = useRoom(id, 'change');
  const viewport = useRef<HTMLDivElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const scroll = useTimelineScroll(room, viewport, list);
  const { unreadAfter, forget } = useReading(room, scroll.isAtEnd);
  const shown = useWanted(room, wanted, scroll);
  useRoving(list, { items: 'article', enter: 'last' });
  useInnerKeys(list);
  useOwnMessage(room, () => {
    forget();
    scroll.toEnd();
  });

  const { messages, notices, atStart } = room;
  const rows = useMemo(
    () => timelineRows({ messages, notices, unreadAfter, atStart }),
    [messages, notices, unreadAfter, atStart],
  );
  const seen = seenBy(messages, room.readBy, user.value);
  const bySeq = useMemo(
    () => new Map(messages.map((message) => [message.seq, message])),
    [messages],
  );
  return (
    <div class="timeline">
      <UnreadAbove room={room} after={unreadAfter} onShow={handlers.show} />
      <div class="viewport" ref={viewport}>
        <TimelineTop room={room} failed={scroll.failed} onRetry={scroll.retry} />
        <ol
          ref={list}
          aria-label={words.timeline.label(roomTitle(words, room.summary, user.value))}
        >
          {rows.map((row) => (
            <TimelineRow
              key={row.key}
              row={row}
              room={room}
              quoted={row.kind === 'message' ? quotedBy(row.message, bySeq) : undefined}
              seen={seen.get(row.key)}
              shown={row.key === shown}
              handlers={handlers}
            />
          ))}
        </ol>
      </div>
      <LatestButton room={room} atEnd={scroll.atEnd} onLatest={scroll.toLatest} />
    </div>
  );
}

const quotedBy = (
  { replyTo }: Message,
  bySeq: ReadonlyMap<number | undefined, Message>,
): Message | undefined => (replyTo === undefined ? undefined : bySeq.get(replyTo));

interface TimelineTopProps {
  readonly room: Room;
  readonly failed: boolean;
  readonly onRetry: () => void;
}

function TimelineTop({ room, failed, onRetry }: TimelineTopProps): JSX.Element {
  const { words } = useLanguage();
  if (failed) {
    return (
      <div class="timeline-top">
        <p>{words.timeline.failed}</p>
        <button type="button" class="button" onClick={onRetry}>
          {words.retry}
        </button>
      </div>
    );
  }
  const isEmpty = room.messages.length === 0;
  const start = isEmpty ? words.timeline.empty : words.timeline.start;
  return (
    <p class="timeline-top quiet">
      {room.atStart && !room.loading ? start : isEmpty ? words.loading : words.timeline.older}
    </p>
  );
}

/** Goes where somebody wanted to, loading it when it is not there; answers the key of that message. */
function useWanted(
  room: Room,
  wanted: Wanted | undefined,
  scroll: TimelineScroll,
): string | undefined {
  const [shown, setShown] = useState<string>();
  const [arrived, setArrived] = useState<Wanted>();
  useEffect(() => {
    if (wanted === undefined) return;
    if (wanted.seq === 'latest') return scroll.toLatest();
    const key = scroll.toSeq(wanted.seq);
    setShown(key);
    // What is loaded is drawn first, and gone to then.
    if (key === undefined) void room.around(wanted.seq).then(() => setArrived(wanted));
  }, [wanted]);
  useLayoutEffect(() => {
    if (arrived !== undefined && arrived.seq !== 'latest') setShown(scroll.toSeq(arrived.seq));
  }, [arrived]);
  return shown;
}

/** Whoever says something wants to see it. */
function useOwnMessage(room: Room, said: () => void): void {
  const last = room.messages.at(-1);
  const key = last?.mine && last.state !== 'sent' ? last.key : undefined;
  useLayoutEffect(() => {
    if (key !== undefined && isLooking()) said();
  }, [key]);
}
