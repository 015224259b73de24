import { describe, expect, test } from 'vitest';

import { syncStep } from '../../../client/log/sync-step.ts';
import { beginTimeline, hear } from '../../../client/log/timeline.ts';
import { createRoomLog } from '../support/room-log.ts';

const log = createRoomLog('lobby');
for (const text of ['1', '2', '3', '4']) log.say('bob', text);
const entries = log.page();

describe('[D2] an answer to sync', () => {
  test('that is older than what was heard meanwhile is asked for again, and held against nobody', () => {
    const before = entries.slice(2, 3).reduce(hear, beginTimeline(entries.slice(0, 1)));
    const step = syncStep(before, [], 1, { asked: 1, heard: 3 });
    expect(step.state).toBe('more');
    expect(step.timeline.early).toEqual(entries.slice(2, 3));
    expect(step.head).toBe(3);
  });

  test('that lacks what was known when it was asked for leaves nothing to hope for', () => {
    const before = beginTimeline(entries.slice(0, 1));
    expect(syncStep(before, [], 1, { asked: 3, heard: 3 })).toMatchObject({
      state: 'stuck',
      head: 1,
    });
  });

  test('that brings all there is has caught up', () => {
    const before = beginTimeline(entries.slice(0, 1));
    const step = syncStep(before, entries.slice(1), 4, { asked: 3, heard: 3 });
    expect(step).toMatchObject({ state: 'caught up', head: 4 });
  });
});
