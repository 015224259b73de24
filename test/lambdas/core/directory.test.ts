import { describe, expect, test } from 'vitest';

import { DirectoryError } from '../../../lambdas/core/directory.ts';
import { startChat } from '../../support/chat.ts';

describe('a room that an operator adds', () => {
  test.each(['__proto__', 'constructor', 'prototype'])(
    'cannot have the id %s, which readers of JSON drop as a key',
    async (id) => {
      const { directory } = await startChat();
      await expect(directory.addRoom('Room', [], id)).rejects.toThrow(DirectoryError);
    },
  );

  test('must have a name that can be shown, and members that there are', async () => {
    const { directory } = await startChat();
    await expect(directory.addRoom(' ', [])).rejects.toThrow('cannot be the name of a room');
    await expect(directory.addRoom('Room', ['nobody'])).rejects.toThrow('There is no user nobody');
  });
});
