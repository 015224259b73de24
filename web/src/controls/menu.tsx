/**
 * A menu at a button, in the platform's top layer, so that nothing cuts it off: Escape and a click elsewhere
 * close it, arrows move in it, and the focus goes back to the button. On a phone it comes from below.
 */
import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';

import { useRoving } from './roving.ts';

export interface PopoverProps {
  /** The button it belongs to. */
  readonly at: HTMLElement;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** Pixels between a menu and its button, and the edge of the window. */
const GAP_PX = 4;

export function Popover({
  at,
  label,
  role,
  onClose,
  children,
}: PopoverProps & { readonly role: 'menu' | 'dialog' }): JSX.Element {
  const popover = useRef<HTMLDivElement>(null);
  useRoving(popover, { items: '[role=menuitem]', enter: 'first' });
  useLayoutEffect(() => {
    const element = popover.current;
    if (element === null) return undefined;
    element.showPopover();
    placeAt(element, at);
    element.querySelector<HTMLElement>('[role=menuitem], button, input')?.focus();
    return () => {
      // Only when nothing else has taken the focus meanwhile, such as a dialog that the menu opened.
      const lost = document.activeElement === document.body;
      if (lost || element.contains(document.activeElement)) giveFocusBack(at);
    };
  }, []);
  return (
    <div
      ref={popover}
      class="menu"
      popover="auto"
      role={role}
      aria-label={label}
      // Escape closes the menu (the platform sees to it), and nothing else.
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.stopPropagation();
      }}
      // Before, because `toggle` comes later, when another menu may be open.
      onBeforeToggle={(event) => {
        if (event.newState === 'closed') onClose();
      }}
    >
      {children}
    </div>
  );
}

export function Menu(props: PopoverProps): JSX.Element {
  return <Popover role="menu" {...props} />;
}

export interface MenuItemProps {
  readonly children: ComponentChildren;
  readonly danger?: boolean;
  readonly onSelect: () => void;
}

export function MenuItem({ children, danger = false, onSelect }: MenuItemProps): JSX.Element {
  return (
    <button
      type="button"
      class={danger ? 'menu-item danger' : 'menu-item'}
      role="menuitem"
      tabIndex={-1}
      onClick={({ currentTarget }) => {
        // First, so that the focus is back at the button before anything else takes it from there.
        currentTarget.closest<HTMLElement>('[popover]')?.hidePopover();
        onSelect();
      }}
    >
      {children}
    </button>
  );
}

/** To the button, or to what it belongs to when it shows only while that has the focus. */
function giveFocusBack(at: HTMLElement): void {
  at.focus();
  if (document.activeElement === at) return;
  at.parentElement?.closest<HTMLElement>('[tabindex]')?.focus();
}

/** Below the button, or above where there is more room; within the window. */
function placeAt(popover: HTMLElement, at: HTMLElement): void {
  const button = at.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = popover;
  const below = button.bottom + GAP_PX;
  const top = below + height < innerHeight ? below : button.top - height - GAP_PX;
  const isRtl = getComputedStyle(at).direction === 'rtl';
  const start = isRtl || button.left + width < innerWidth ? button.left : button.right - width;
  const left = isRtl ? button.right - width : start;
  const within = (value: number, size: number, whole: number) =>
    Math.max(GAP_PX, Math.min(value, whole - size - GAP_PX));
  popover.style.setProperty('--top', `${within(top, height, innerHeight)}px`);
  popover.style.setProperty('--left', `${within(left, width, innerWidth)}px`);
}
