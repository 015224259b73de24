import { createServer } from 'node:http';

/**
 * Plays `@connections` in a process of its own, so that its CPU is not the broadcaster's: answers 200
 * after so many milliseconds. Prints its port.
 */
const delayMs = Number(process.argv[2] ?? 0);

const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    if (delayMs === 0) response.end();
    else setTimeout(() => response.end(), delayMs);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
