import { createHmac } from 'node:crypto';

/** The key that signs for `date/region/service/aws4_request`: derived in four steps from the secret. */
export const signingKey = (secretAccessKey: string, scope: string): Buffer =>
  scope
    .split('/')
    .reduce<Buffer>(
      (outer, part) => createHmac('sha256', outer).update(part).digest(),
      Buffer.from(`AWS4${secretAccessKey}`),
    );
