/**
 * Keeps a reader's place while rows are put in before, between and after what he reads: either he is at
 * the very end, and stays there, or the topmost row that he sees stays where it is. Browsers anchor by
 * themselves too, but not at the very top, which is just where older messages are put in; so theirs is
 * off (`overflow-anchor: none`).
 */

/** Pixels from the end that still count as the end. */
const END_SLACK_PX = 24;

export interface ScrollPlaceOptions {
  readonly viewport: HTMLElement;
  /** Its children are the rows; the ones with `data-anchor` can be held on to. */
  readonly rows: HTMLElement;
  /** Nothing is missing behind the last row; otherwise its end is none to stay at. */
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
  let anchor: { readonly row: HTMLElement; readonly top: number } | undefined;

  const topOf = (row: Element) =>
    row.getBoundingClientRect().top - viewport.getBoundingClientRect().top;
  const remember = () => {
    const { scrollHeight, scrollTop, clientHeight } = viewport;
    atEnd = isWhole() && scrollHeight - scrollTop - clientHeight <= END_SLACK_PX;
    const row = firstVisible(rows, topOf);
    anchor = row === undefined ? undefined : { row, top: topOf(row) };
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
      else if (anchor?.row.isConnected) viewport.scrollTop += topOf(anchor.row) - anchor.top;
    },
    toEnd: () => scrollTo(viewport.scrollHeight),
    toRow: (row) => scrollTo(viewport.scrollTop + topOf(row) - viewport.clientHeight / 3),
  };
}

/** The first row of which something shows; found by halving, for there may be many. */
function firstVisible(rows: HTMLElement, topOf: (row: Element) => number): HTMLElement | undefined {
  const anchors = rows.querySelectorAll<HTMLElement>(':scope > [data-anchor]');
  let low = 0;
  let high = anchors.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const row = anchors[middle];
    if (row !== undefined && topOf(row) + row.offsetHeight <= 0) low = middle + 1;
    else high = middle;
  }
  return anchors[low];
}
