/** One thing measured, beside its bar. */
export interface Figure {
  readonly what: string;
  readonly value: string;
  /** What it should hold; absent where there is none. */
  readonly bar?: string;
  /** Absent without a bar. */
  readonly held?: boolean;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
};

/** A figure that must not exceed its bar. */
export function atMost(what: string, value: number, bar: number, unit = ''): Figure {
  const show = (number: number) => `${Number(number.toFixed(2))}${unit && ` ${unit}`}`;
  return { what, value: show(value), bar: `≤ ${show(bar)}`, held: value <= bar };
}

/** A figure that must reach its bar. */
export function atLeast(what: string, value: number, bar: number): Figure {
  return { what, value: String(value), bar: `≥ ${bar}`, held: value >= bar };
}
