import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The directory of the web chat, built, as the package brings it: `website` of a `ChatStack`. In the
 * repository it is built when it is wanted (`bin/web-build.ts`).
 */
export function webChatDirectory(): string {
  if (extname(import.meta.url) === '.ts') {
    throw new Error('The web chat is built in the package only; in the repository call buildWeb()');
  }
  return fileURLToPath(new URL('../web', import.meta.url));
}
