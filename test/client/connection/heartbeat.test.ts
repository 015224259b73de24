import { describe, expect, test } from 'vitest';

import { ANSWER_MAX_MS, nextBeat, SILENCE_MS } from '../../../client/connection/heartbeat.ts';

const HEARD = 1_800_000_000_000;
const heard = { heardAt: HEARD, beatAt: undefined };
const asked = { heardAt: HEARD, beatAt: HEARD + SILENCE_MS };

describe('a heartbeat', () => {
  test('is due after four minutes of silence, well before API Gateway ends an idle socket', () => {
    expect(SILENCE_MS + ANSWER_MAX_MS).toBeLessThan(10 * 60_000);
    expect(nextBeat(heard, HEARD, false)).toEqual({ do: 'wait', ms: SILENCE_MS });
    expect(nextBeat(heard, HEARD + SILENCE_MS - 1, false)).toEqual({ do: 'wait', ms: 1 });
    expect(nextBeat(heard, HEARD + SILENCE_MS, false)).toEqual({ do: 'beat' });
  });

  test('is due at once when the page is woken', () => {
    expect(nextBeat(heard, HEARD + 1, true)).toEqual({ do: 'beat' });
  });

  test('goes out once, however often the page is woken before its answer', () => {
    const wait = { do: 'wait', ms: ANSWER_MAX_MS - 1 };
    expect(nextBeat(asked, asked.beatAt + 1, true)).toEqual(wait);
  });

  test('that nothing answers in ten seconds ends the socket', () => {
    const late = asked.beatAt + ANSWER_MAX_MS;
    expect(nextBeat(asked, late - 1, false)).toEqual({ do: 'wait', ms: 1 });
    expect(nextBeat(asked, late, false)).toEqual({ do: 'end' });
  });

  test('is not put off by a clock that was set back', () => {
    expect(nextBeat(heard, HEARD - 1e9, false)).toEqual({ do: 'wait', ms: SILENCE_MS });
    expect(nextBeat(asked, HEARD - 1e9, false)).toEqual({ do: 'wait', ms: ANSWER_MAX_MS });
  });
});
