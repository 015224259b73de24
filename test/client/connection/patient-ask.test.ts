import { expect, test } from 'vitest';

import { PATIENCE_MAX_MS } from '../../../client/connection/patient-ask.ts';
import { createChatDouble } from '../support/chat-double.ts';

test('what is asked while a connection is being made goes out when it is', async () => {
  const double = createChatDouble();
  double.room('lobby');
  double.beginConnecting();
  const asked = double.chat.join('lobby');
  await double.connect();
  expect(await asked).toMatchObject({ ok: true, room: 'lobby' });
});

test('what is asked while a connection is being made comes to offline when it is not', async () => {
  const double = createChatDouble();
  double.beginConnecting();
  const asked = double.chat.room('lobby').rename('Hall');
  double.disconnect();
  expect(await asked).toMatchObject({ ok: false, code: 'offline' });
});

test('nothing waits longer for a connection than its time', async () => {
  const double = createChatDouble();
  double.beginConnecting();
  const asked = double.chat.openDirect('bob');
  await double.clock.advance(PATIENCE_MAX_MS);
  expect(await asked).toMatchObject({ ok: false, code: 'offline' });
});

test('without a connection in sight one is told so at once', async () => {
  const double = createChatDouble();
  double.disconnect();
  expect(await double.chat.join('lobby')).toMatchObject({ ok: false, code: 'offline' });
});
