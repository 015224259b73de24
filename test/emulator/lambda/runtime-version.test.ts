import { expect, test } from 'vitest';

import { runtimeWarnings } from '../../../emulator/lambda/runtime-version.ts';
import { functionResource } from './functions-under-test.ts';

test('names each runtime once that is not the Node at hand, with its functions', () => {
  const functions = [
    functionResource({ path: 'App/New' }),
    functionResource({ path: 'App/Old', runtime: 'nodejs22.x' }),
    functionResource({ path: 'App/Older', runtime: 'nodejs18.x' }),
    functionResource({ path: 'App/Old2', runtime: 'nodejs22.x' }),
  ];
  expect(runtimeWarnings(functions, '24.21.0')).toEqual([
    'nodejs22.x runs on Node 24.21.0 here: App/Old, App/Old2',
    'nodejs18.x runs on Node 24.21.0 here: App/Older',
  ]);
});
