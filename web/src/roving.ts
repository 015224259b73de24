/**
 * A list that is one stop of the tabulator: arrows move within it, and it remembers where one was. Works
 * on the document rather than on components, so that a long list need not be drawn to move the focus.
 */
import { type RefObject } from 'preact';
import { useEffect, useLayoutEffect } from 'preact/hooks';

export interface RovingOptions {
  /** Selector of the items, which have `tabIndex={-1}`. */
  readonly items: string;
  /** Where Tab enters before anything had the focus. */
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
  const items = () => [...(list.current?.querySelectorAll<HTMLElement>(selector) ?? [])];

  // After every drawing: items come and go, and one must be the stop.
  useLayoutEffect(() => {
    const all = items();
    if (all.some((item) => item.tabIndex === 0)) return;
    const stop = enter === 'first' ? all[0] : all.at(-1);
    if (stop !== undefined) stop.tabIndex = 0;
  });

  useEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const itemOf = (target: EventTarget | null) =>
      target instanceof Element ? target.closest<HTMLElement>(selector) : null;
    const focused = ({ target }: FocusEvent) => {
      const item = itemOf(target);
      if (item === null) return;
      for (const other of items()) if (other !== item) other.tabIndex = -1;
      item.tabIndex = 0;
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
