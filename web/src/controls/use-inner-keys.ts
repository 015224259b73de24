/**
 * Keys within a list of messages: what is in a message (links, reactions, actions) is reached from it by
 * the arrow towards the end of the line, and left by the other one or Escape; Enter opens its actions.
 */
import type { RefObject } from 'preact';
import { useLayoutEffect } from 'preact/hooks';

import { hasModifier } from './roving.ts';

const INNER = 'a[href], button';

export function useInnerKeys(list: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    const element = list.current;
    if (element === null) return undefined;
    const pressed = (event: KeyboardEvent) => {
      const { target } = event;
      if (!(target instanceof HTMLElement) || hasModifier(event)) return;
      const article = target.closest<HTMLElement>('article');
      if (article === null || target.closest('[popover]') !== null) return;
      const next = destination(event.key, target, article);
      if (next === undefined) return;
      event.preventDefault();
      event.stopPropagation();
      next();
    };
    element.addEventListener('keydown', pressed);
    return () => element.removeEventListener('keydown', pressed);
  }, []);
}

/** What a key does in a message, if anything. */
function destination(
  key: string,
  target: HTMLElement,
  article: HTMLElement,
): (() => void) | undefined {
  const stops = [article, ...article.querySelectorAll<HTMLElement>(INNER)];
  const at = stops.indexOf(target);
  const isRtl = getComputedStyle(article).direction === 'rtl';
  switch (key) {
    case isRtl ? 'ArrowLeft' : 'ArrowRight':
      return () => stops[Math.min(at + 1, stops.length - 1)]?.focus();
    case isRtl ? 'ArrowRight' : 'ArrowLeft':
      return () => stops[Math.max(at - 1, 0)]?.focus();
    case 'Enter':
      return at === 0
        ? () => article.querySelector<HTMLElement>('.message-more')?.click()
        : undefined;
    case 'Escape':
      return at === 0
        ? () => document.querySelector<HTMLElement>('.composer textarea')?.focus()
        : () => article.focus();
    default:
      return undefined;
  }
}
