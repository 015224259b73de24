/**
 * Where one writes. Enter sends (on a touch screen it makes a line, and the button sends); what is not sent
 * stays as a draft. The same box answers a message, and writes one's own anew.
 */
import type { JSX, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

import { TEXT_MAX_CODE_POINTS } from '../../../protocol/limits.ts';
import type { Message, Room } from '../../../client/index.ts';
import { ComposerContext } from './composer-context.tsx';
import type { Composing } from './composing.ts';
import { IconButton } from '../controls/icon-button.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';
import { MentionPicker, useMentionPicker } from './mention-picker.tsx';
import { RefusalText } from '../refusal-text.tsx';
import { roomTitle } from '../rooms/room-title.ts';
import { mentionsIn } from '../message/text-parts.ts';
import { useAction } from '../use-action.ts';
import { type Members, useMembers } from '../room/use-members.ts';
import { useRoom } from '../room/use-room.ts';

/** Characters left at which one is told how many. */
const FEW_LEFT = 200;

export interface ComposerProps {
  readonly room: Room;
  readonly composing: Composing;
  readonly onComposing: (composing: Composing) => void;
  readonly onLatest: () => void;
}

export function Composer(props: ComposerProps): JSX.Element {
  const { words } = useLanguage();
  const { role } = useRoom(props.room.id, 'change').summary ?? {};
  if (role === 'read-only') return <p class="composer-none quiet">{words.composer.readOnly}</p>;
  return <WritingBox {...props} />;
}

function WritingBox(props: ComposerProps): JSX.Element {
  const { room, composing } = props;
  const { words } = useLanguage();
  const { user } = useLiveChat();
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useText(room, composing, box);
  const members = useMembers(room);
  const picker = useMentionPicker({ box, text, setText, members });
  const { action, left, submit, escape } = useWriting(props, { text, setText, members });
  const isEditing = composing.kind === 'edit';
  const title = roomTitle(words, room.summary, user.value);

  const pressed = (event: KeyboardEvent) => {
    if (event.isComposing || picker.pressed(event)) return;
    const does = keyDoes(event, props, { text, submit, escape });
    if (does === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    does();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <ComposerContext composing={composing} onCancel={escape} />
      <MentionPicker picker={picker} />
      <div class="composer-box">
        <textarea
          ref={box}
          rows={1}
          dir="auto"
          aria-label={words.composer.label(title)}
          placeholder={words.composer.placeholder(title)}
          value={text}
          {...picker.attributes}
          onInput={({ currentTarget: { value } }) => {
            setText(value);
            picker.follow();
            if (!isEditing) room.setTyping(value !== '');
          }}
          onKeyDown={pressed}
          onKeyUp={picker.follow}
          onClick={picker.follow}
        />
        <IconButton
          type="submit"
          class="icon-button send"
          label={isEditing ? words.composer.save : words.composer.send}
          icon={isEditing ? 'check' : 'send'}
          disabled={text.trim() === '' || left < 0 || action.busy}
        />
      </div>
      {left > FEW_LEFT ? null : (
        <p class={left < 0 ? 'refusal' : 'quiet'} role="status">
          {words.composer.left(left)}
        </p>
      )}
      {action.refusal === undefined ? null : <RefusalText refusal={action.refusal} />}
    </form>
  );
}

interface Written {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly members: Members;
}

/** What becomes of what was written. */
function useWriting(props: ComposerProps, { text, setText, members }: Written) {
  const { room, composing, onComposing, onLatest } = props;
  const action = useAction();
  const left = TEXT_MAX_CODE_POINTS - Array.from(text).length;

  const save = async (seq: number, mentions: readonly string[]) => {
    if (await action.run(() => room.edit(seq, text, mentions))) onComposing({ kind: 'new' });
  };
  const send = (mentions: readonly string[]) => {
    if (!room.atEnd) onLatest();
    const replyTo = composing.kind === 'reply' ? composing.message.seq : undefined;
    room.send(text, { mentions, ...(replyTo === undefined ? {} : { replyTo }) });
    setText('');
    room.setTyping(false);
    onComposing({ kind: 'new' });
  };
  return {
    action,
    left,
    submit: () => {
      if (text.trim() === '' || left < 0) return;
      const mentions = mentionsIn(text, members.names, members.complete);
      if (composing.kind === 'edit') void save(composing.message.seq ?? 0, mentions);
      else send(mentions);
    },
    escape: () => {
      action.clear();
      if (composing.kind === 'new') onLatest();
      else onComposing({ kind: 'new' });
    },
  };
}

/** What a key does in the box, beyond writing. */
function keyDoes(
  { key, shiftKey }: KeyboardEvent,
  { room, onComposing }: ComposerProps,
  now: { readonly text: string; readonly submit: () => void; readonly escape: () => void },
): (() => void) | undefined {
  if (key === 'Enter' && !shiftKey && !isTouch()) return now.submit;
  if (key === 'Escape') return now.escape;
  const last = key === 'ArrowUp' && now.text === '' ? lastOwn(room) : undefined;
  return last && (() => onComposing({ kind: 'edit', message: last }));
}

/** A touch keyboard has no Shift and Enter. */
const isTouch = () => matchMedia('(pointer: coarse)').matches;

const lastOwn = (room: Room): Message | undefined =>
  room.messages.findLast(({ mine, seq, deleted }) => mine && seq !== undefined && !deleted);

/** The text in the box: a draft, or while a message is written anew that; the box grows with it. */
function useText(
  room: Room,
  composing: Composing,
  box: RefObject<HTMLTextAreaElement | null>,
): readonly [string, (text: string) => void] {
  const drafts = useLiveChat().drafts();
  const edited = composing.kind === 'edit' ? composing.message : undefined;
  const [text, setText] = useState(() => drafts.read(room.id));
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    if (isFirst.current) isFirst.current = false;
    else {
      setText(edited?.text ?? drafts.read(room.id));
      box.current?.focus();
    }
  }, [composing]);
  useEffect(() => {
    if (!isTouch()) box.current?.focus();
  }, []);
  useLayoutEffect(() => {
    const { current } = box;
    if (current === null) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight}px`;
  }, [text]);
  return [
    text,
    (next) => {
      setText(next);
      if (edited === undefined) drafts.keep(room.id, next);
    },
  ];
}
