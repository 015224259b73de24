/**
 * The room that a socket looks at. API Gateway runs the frames of one connection side by side, so a
 * second selection sent too early could be overtaken by the first: one is under way at a time, and of
 * those that wait only the latest goes out.
 */
import type { Reply } from './frames.ts';
import type { Answer, Frame } from './line.ts';

export interface Selection {
  /** Resolves when nothing is left to select. */
  select(room: string): Promise<void>;
}

export function createSelection(
  ask: (frame: Frame) => Promise<Answer>,
  receive: (reply: Reply) => void,
): Selection {
  let wanted: string | undefined;
  let underWay: Promise<void> | undefined;

  const run = async () => {
    while (wanted !== undefined) {
      const room = wanted;
      wanted = undefined;
      const answer = await ask({ action: 'select_room', room });
      if (answer.ok) receive(answer.reply);
    }
    underWay = undefined;
  };
  return {
    select(room) {
      wanted = room;
      underWay ??= run();
      return underWay;
    },
  };
}
