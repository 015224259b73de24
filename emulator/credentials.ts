import { randomBytes } from 'node:crypto';

import type { Role } from './model.ts';

/** Who signed a request: the role of a function, or the account's administrator. */
export type Principal =
  | { readonly kind: 'administrator' }
  | { readonly kind: 'role'; readonly role: Role; readonly functionName: string };

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

/**
 * The credentials handed to functions. A key that was never handed out is anybody's dummy and means
 * the account's administrator, so that the AWS CLI and SDKs work without an account.
 */
export interface CredentialStore {
  issue(functionName: string, role: Role): Credentials;
  /** The secret and the owner of an access key; undefined for a key never issued. */
  find(
    accessKeyId: string,
  ): { readonly credentials: Credentials; readonly principal: Principal } | undefined;
}

export function createCredentialStore(): CredentialStore {
  const issued = new Map<string, { credentials: Credentials; principal: Principal }>();
  return {
    issue(functionName, role) {
      const credentials = {
        // ASIA is how the keys of a role's session begin on AWS.
        accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(48).toString('base64'),
      };
      const principal: Principal = { kind: 'role', role, functionName };
      issued.set(credentials.accessKeyId, { credentials, principal });
      return credentials;
    },
    find: (accessKeyId) => issued.get(accessKeyId),
  };
}
