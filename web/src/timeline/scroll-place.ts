/**
 * Keeps a reader's place while rows are put in before, between and after what he reads: either he is at
 * the very end, and stays there, or the topmost row that he sees stays where it is: its lower edge, for what
 * comes before it can make it lose its header. Browsers anchor by themselves too, but not at the very top,
 * which is just where older messages are put in; so theirs is off (`overflow-anchor: none`).
 */

/** Pixels from the end that still count as the end. */
const END_SLACK_PX = 24;

export interface ScrollPlaceOptions {
  readonly viewport: HTMLElement;
  /** Its children are the rows; the ones with `data-anchor` can be held on to. */
  readonly rows: HTMLElement;
  /** Nothing is missing behind the last row that is drawn; otherwise its end is none to stay at. */
  readonly isWhole: () => boolean;
}

export interface ScrollPlace {
  readonly atEnd: boolean;
  /** Notes where the reader is. */
  remember(): void;
  /** Puts him back there. */
  keep(): void;
  toEnd(): void;
  /** Brings a row into the upper third, where more of it can be read below. */
  toRow(row: HTMLElement): void;
}

export function createScrollPlace({ viewport, rows, isWhole }: ScrollPlaceOptions): ScrollPlace {
  let atEnd = true;
  let anchor: { readonly row: HTMLElement; readonly bottom: number } | undefined;

  const edgeOf = (row: Element, edge: 'top' | 'bottom') =>
    row.getBoundingClientRect()[edge] - viewport.getBoundingClientRect().top;
  const bottomOf = (row: Element) => edgeOf(row, 'bottom');
  const remember = () => {
    const { scrollHeight, scrollTop, clientHeight } = viewport;
    atEnd = isWhole() && scrollHeight - scrollTop - clientHeight <= END_SLACK_PX;
    const row = firstVisible(rows, bottomOf);
    anchor = row === undefined ? undefined : { row, bottom: bottomOf(row) };
  };
  const scrollTo = (top: number) => {
    viewport.scrollTop = top;
    remember();
  };
  return {
    get atEnd() {
      return atEnd;
    },
    remember,
    keep() {
      if (atEnd) viewport.scrollTop = viewport.scrollHeight;
      else if (anchor?.row.isConnected) viewport.scrollTop += bottomOf(anchor.row) - anchor.bottom;
    },
    toEnd: () => scrollTo(viewport.scrollHeight),
    toRow: (row) => scrollTo(viewport.scrollTop + edgeOf(row, 'top') - viewport.clientHeight / 3),
  };
}

/** The first row of which something shows; found by halving, for there may be many. */
function firstVisible(
  rows: HTMLElement,
  bottomOf: (row: Element) => number,
): HTMLElement | undefined {
  const anchors = rows.querySelectorAll<HTMLElement>(':scope > [data-anchor]');
  let low = 0;
  let high = anchors.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = anchors[middle];
    if (row !== undefined && bottomOf(row) <= 0) low = middle + 1;
    else high = middle;
  }
  return anchors[low];
}
