import { createServer } from 'node:http';

/**
 * Plays `@connections` for a large room, in a process of its own: answers 200 after so many
 * milliseconds, and to connections of certain numbers never. A GET answers when each post came, in
 * milliseconds since the epoch, and whose it was, and forgets them. Prints its port.
 */
const [delayMs = 0, silentEvery = 0] = process.argv.slice(2).map(Number);

let posts: { at: number; silent: boolean }[] = [];

/** The number that a connection's id is made of. */
const numberOf = (path: string) => {
  const id = decodeURIComponent(path.slice(path.lastIndexOf('/') + 1));
  return Number(Buffer.from(id, 'base64url').toString());
};

const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.end(JSON.stringify(posts));
    posts = [];
    return;
  }
  const silent = silentEvery > 0 && numberOf(request.url ?? '') % silentEvery === 0;
  posts.push({ at: performance.timeOrigin + performance.now(), silent });
  request.resume();
  request.on('end', () => {
    if (!silent) setTimeout(() => response.end(), delayMs);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
