import { writeFileSync } from 'node:fs';

import { asyncApi } from './asyncapi.ts';

/** `npm run protocol:docs`: writes docs/asyncapi.json, which a test keeps current. */
const file = new URL('../docs/asyncapi.json', import.meta.url);
writeFileSync(file, `${JSON.stringify(asyncApi(), null, 2)}\n`);
