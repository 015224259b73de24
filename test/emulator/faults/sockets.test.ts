import { describe, expect, test } from 'vitest';

import { manualClock } from '../../../emulator/clock.ts';
import { startSmallCloud } from './small-cloud.ts';

/** Sockets and posts that go wrong, on real sockets, at the places where AWS has it. */
describe('a post', () => {
  test.each([
    ['post-gone', 410, {}, 0],
    ['post-gone', 410, { delivered: true }, 1],
    ['post-throttled', 429, {}, 0],
    ['post-failed', 503, { status: 503 }, 0],
    ['post-failed', 500, { delivered: true }, 1],
    ['post-lost', 200, {}, 0],
  ] as const)('%s is answered %i though the socket is open %o', async (fault, status, more, n) => {
    const cloud = await startSmallCloud();
    const client = await cloud.open();
    const { connectionId } = client;
    cloud.faults.add({ fault, ...more, when: { first: 1 } });
    expect(await cloud.post(connectionId, 'one')).toBe(status);
    expect(await cloud.post(connectionId, 'two')).toBe(200);
    while (client.heard.at(-1) !== 'two') await client.hears();
    expect(client.heard).toEqual(n === 1 ? ['one', 'two'] : ['two']);
    expect(cloud.faults.fired()).toMatchObject([
      { rule: `${fault}#1`, occurrence: 1, operation: 'post', connection: connectionId },
    ]);
  });

  test('strikes only the connection that the rule names', async () => {
    const cloud = await startSmallCloud();
    const [one, other] = [await cloud.open(), await cloud.open()];
    cloud.faults.add({ fault: 'post-gone', where: { connection: one.connectionId } });
    expect(await cloud.post(other.connectionId, 'hello')).toBe(200);
    expect(await cloud.post(one.connectionId, 'hello')).toBe(410);
  });

  test('is slow by the cloud’s clock', async () => {
    const clock = manualClock();
    const cloud = await startSmallCloud({ clock });
    const client = await cloud.open();
    cloud.faults.add({ fault: 'post-slow', ms: 5_000, when: { nth: 1 } });
    let answered = false;
    const posting = cloud.post(client.connectionId, 'late').then((status) => {
      answered = true;
      return status;
    });
    await cloud.post(client.connectionId, 'not late');
    expect([answered, client.heard]).toEqual([false, ['not late']]);
    clock.advance(5_000);
    expect(await posting).toBe(200);
  });
});

describe('a socket', () => {
  test('is cut at a moment, with all others that match, and the client sees 1006', async () => {
    const clock = manualClock();
    const cloud = await startSmallCloud({
      clock,
      faults: { rules: [{ fault: 'cut', when: { atMs: 60_000 } }] },
    });
    const clients = [await cloud.open(), await cloud.open()];
    clock.advance(59_999);
    expect(cloud.apis[0]?.gateway.connections()).toHaveLength(2);
    clock.advance(1);
    expect(await Promise.all(clients.map(({ closed }) => closed))).toEqual([1006, 1006]);
    await cloud.settled();
    expect(cloud.said('small-disconnect').filter((line) => line.endsWith('1006'))).toHaveLength(2);
    // One that comes after the moment is not struck by it.
    const later = await cloud.open();
    expect(await later.run(['now'])).toMatchObject({ results: [expect.any(Number)] });
  });

  test('is cut when its n-th message comes in', async () => {
    const cloud = await startSmallCloud();
    const client = await cloud.open();
    cloud.faults.add({ fault: 'cut', where: { operation: 'message' }, when: { nth: 2 } });
    await client.run(['now']);
    void client.run(['now']);
    expect(await client.closed).toBe(1006);
  });

  test.each(['idle-limit', 'duration-limit'] as const)(
    'reaches its %s at once: 1001',
    async (fault) => {
      const cloud = await startSmallCloud();
      const client = await cloud.open();
      cloud.faults.add({ fault, where: { operation: 'post' } });
      await cloud.post(client.connectionId, 'too late');
      expect(await client.closed).toBe(1001);
      expect(client.heard).toEqual([]);
    },
  );

  test('is half-open: posts succeed, nothing arrives either way, and nobody is told', async () => {
    const cloud = await startSmallCloud();
    const client = await cloud.open();
    const dones = () => cloud.said('small-act').filter((line) => line.includes('done')).length;
    const before = dones();
    cloud.faults.add({ fault: 'half-open', where: { operation: 'message' }, when: { nth: 1 } });
    void client.run(['now']);
    // A second message behind it, and a close: they are not heard either.
    void client.run(['now']);
    while (cloud.faults.fired().length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(await cloud.post(client.connectionId, 'anybody there?')).toBe(200);
    await cloud.settled();
    expect(client.heard).toEqual([]);
    expect(dones()).toBe(before);
    expect(client.socket.readyState).toBe(client.socket.OPEN);
    client.socket.close();
    await cloud.settled();
    expect(cloud.apis[0]?.gateway.connections()).toHaveLength(1);
    expect(cloud.said('small-disconnect')).toEqual([]);
  });

  test('that is half-open ends when the idle limit finds it', async () => {
    const clock = manualClock();
    const cloud = await startSmallCloud({ clock });
    const client = await cloud.open();
    cloud.faults.add({ fault: 'half-open', when: { atMs: 0 } });
    clock.advance(0);
    clock.advance(10 * 60_000);
    expect(await client.closed).toBe(1006);
    await cloud.settled();
    expect(cloud.said('small-disconnect').join()).toContain(`gone ${client.connectionId} 1001`);
  });

  test('loses a message in and is cut with it', async () => {
    const cloud = await startSmallCloud();
    const client = await cloud.open();
    const before = cloud.said('small-act').length;
    cloud.faults.add({ fault: 'frame-lost' });
    void client.run(['now']);
    expect(await client.closed).toBe(1006);
    await cloud.settled();
    expect(cloud.said('small-act')).toHaveLength(before);
  });
});

describe('$disconnect', () => {
  test('never comes', async () => {
    const cloud = await startSmallCloud({ faults: { rules: [{ fault: 'disconnect-lost' }] } });
    const client = await cloud.open();
    client.socket.close();
    await client.closed;
    await cloud.settled();
    expect(cloud.said('small-disconnect')).toEqual([]);
    expect(cloud.faults.fired()).toMatchObject([{ connection: client.connectionId }]);
  });

  test('is late by the cloud’s clock', async () => {
    const clock = manualClock();
    const cloud = await startSmallCloud({ clock });
    cloud.faults.add({ fault: 'disconnect-late', ms: 90_000 });
    const client = await cloud.open();
    client.socket.close();
    await client.closed;
    await cloud.settled();
    clock.advance(89_999);
    await cloud.settled();
    expect(cloud.said('small-disconnect')).toEqual([]);
    clock.advance(1);
    await cloud.settled();
    expect(cloud.said('small-disconnect').join()).toContain(client.connectionId);
  });
});
