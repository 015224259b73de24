/** The members of a room, page by page; asked for only when somebody wants them, and anew when some came or went. */
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Member, Room } from '../../../client/index.ts';
import { type Action, useAction } from '../use-action.ts';

export interface Members {
  /** By name. */
  readonly list: readonly Member[];
  readonly names: readonly string[];
  /** There are no others. */
  readonly complete: boolean;
  readonly action: Action;
  /** Asks for the first page, once. */
  want(): void;
  /** Asks for the first page again. */
  readonly reload: () => void;
  readonly loadMore: () => void;
}

export function useMembers(room: Room): Members {
  const [list, setList] = useState<readonly Member[]>([]);
  const [complete, setComplete] = useState(false);
  const action = useAction();
  const wanted = useRef(false);

  const load = (before: readonly Member[]) => {
    wanted.current = true;
    void action.run(async () => {
      const outcome = await room.members(before.at(-1)?.user);
      if (outcome.ok) {
        setList([...before, ...outcome.members]);
        setComplete(!outcome.more);
      }
      return outcome;
    });
  };
  const changes = room.notices.at(-1)?.seq;
  useEffect(() => {
    if (wanted.current) load([]);
  }, [changes]);
  return {
    list,
    names: list.map(({ user }) => user),
    complete,
    action,
    want() {
      if (!wanted.current) load([]);
    },
    reload: () => load([]),
    loadMore: () => load(list),
  };
}
