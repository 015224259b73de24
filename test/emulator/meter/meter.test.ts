import { expect, test } from 'vitest';

import { createMeter } from '../../../emulator/meter/meter.ts';

const route = (name: string) => ({ api: 'Stack/Api', route: name });

test('sums by count and resource, over all causes', () => {
  const meter = createMeter();
  meter.add('frames.in', 'Stack/Api', 2, route('say'));
  meter.add('frames.in', 'Stack/Api', 1, route('join'));
  meter.add('frames.in', 'Stack/Other');
  meter.add('posts', 'Stack/Api');
  expect(meter.read()).toEqual({
    'frames.in': { 'Stack/Api': 3, 'Stack/Other': 1 },
    posts: { 'Stack/Api': 1 },
  });
});

test('keeps causes apart, and what nothing inside the cloud caused', () => {
  const meter = createMeter();
  meter.add('posts', 'A', 2, route('say'));
  meter.add('posts', 'A', 3, route('say'));
  meter.add('posts', 'A', 1, { function: 'Stack/Fn' });
  meter.add('posts', 'A');
  expect(meter.entries()).toEqual([
    { count: 'posts', resource: 'A', cause: route('say'), amount: 5 },
    { count: 'posts', resource: 'A', cause: { function: 'Stack/Fn' }, amount: 1 },
    { count: 'posts', resource: 'A', cause: undefined, amount: 1 },
  ]);
});

test('has no count of nothing', () => {
  const meter = createMeter();
  meter.add('posts', 'A', 0);
  expect(meter.read()).toEqual({});
});

test('hands out copies, which later counts leave alone', () => {
  const meter = createMeter();
  meter.add('posts', 'A');
  const before = meter.entries();
  meter.add('posts', 'A');
  expect(before).toMatchObject([{ amount: 1 }]);
});

test('asks for what is due before it is read, and before it forgets', () => {
  const meter = createMeter();
  let due = 1;
  meter.beforeRead(() => {
    meter.add('connection.minutes', 'A', due);
    due = 0;
  });
  expect(meter.read()).toEqual({ 'connection.minutes': { A: 1 } });
  expect(meter.read()).toEqual({ 'connection.minutes': { A: 1 } });
  due = 5;
  meter.reset();
  expect(meter.read()).toEqual({});
});
