/**
 * A list that is one stop of the tabulator: arrows move within it. Works on the document rather than on
 * components, so that a long list need not be drawn to move the focus.
 */
import { type RefObject } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

export interface RovingOptions {
  /** Selector of the items, which have `tabIndex={-1}`. */
  readonly items: string;
  /** Where Tab enters: at the first one, or where one was before; or always at the last one. */
  readonly enter: 'first' | 'last';
}

/** Keys, and how they move through `count` items from the one `at`. */
const MOVES: Readonly<Record<string, (at: number, count: number) => number>> = {
  ArrowUp: (at) => at - 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, count) => count - 1,
};

export function useRoving(
  list: RefObject<HTMLElement | null>,
  { items: selector, enter }: RovingOptions,
): void {
  const stop = useRef<HTMLElement>(undefined);
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>(selector) ?? [])];
  const stopAt = (item: HTMLElement | undefined) => {
    if (stop.current !== undefined) stop.current.tabIndex = -1;
    if (item !== undefined) item.tabIndex = 0;
    stop.current = item;
  };

  // After every drawing: items come and go, and one must be the stop.
  useLayoutEffect(() => {
    const isThere = stop.current !== undefined && list.current?.contains(stop.current) === true;
    const isInside = list.current?.contains(document.activeElement) === true;
    if (isThere && (isInside || enter === 'first')) return;
    const all = items();
    stopAt(enter === 'first' ? all[0] : all.at(-1));
  });

  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const itemOf = (target: EventTarget | null) =>
      target instanceof Element ? target.closest<HTMLElement>(selector) : null;
    const focused = ({ target }: FocusEvent) => {
      const item = itemOf(target);
      if (item !== null) stopAt(item);
    };
    const pressed = (event: KeyboardEvent) => {
      // Inside an item the keys belong to what is there.
      if (event.target !== itemOf(event.target) || hasModifier(event)) return;
      const move = MOVES[event.key];
      const all = items();
      const at = all.indexOf(event.target as HTMLElement);
      const next = move === undefined ? undefined : all[move(at, all.length)];
      if (move === undefined) return;
      event.preventDefault();
      next?.focus();
    };
    element.addEventListener('focusin', focused);
    element.addEventListener('keydown', pressed);
    return () => {
      element.removeEventListener('focusin', focused);
      element.removeEventListener('keydown', pressed);
    };
  }, [selector]);
}

/** With these held, a key means something else. */
export const hasModifier = ({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean =>
  ctrlKey || metaKey || altKey;
