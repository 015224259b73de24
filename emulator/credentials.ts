import { randomBytes } from 'node:crypto';

import type { Principal } from './iam/principal.ts';
import type { Cause } from './meter/cause.ts';
import type { Role } from './model.ts';
import { signingKey } from './signing-key.ts';

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
  /** `causeNow` is asked with every request: what the owner of these credentials is at work on. */
  issue(functionName: string, role: Role, causeNow?: () => Cause | undefined): Credentials;
  /** The secret and the owner of an access key; undefined for a key never issued. */
  find(accessKeyId: string): (SigningCredentials & { readonly principal: Principal }) | undefined;
}

interface SigningCredentials {
  readonly credentials: Credentials;
  /** Of a scope such as `20260101/us-east-1/dynamodb/aws4_request`; derived once, as every signer does. */
  readonly signingKey: (scope: string) => Buffer;
}

interface Issued extends SigningCredentials {
  readonly principal: () => Principal;
}

/** `principal` says what the owner of credentials is at the moment; default: its role, as declared. */
export function createCredentialStore(
  principal: (functionName: string, role: Role) => Principal & { readonly kind: 'role' } = (
    functionName,
    role,
  ) => ({ kind: 'role', role, functionName }),
): CredentialStore {
  const issued = new Map<string, Issued>();
  return {
    issue(functionName, role, causeNow = () => undefined) {
      const credentials = {
        // ASIA is how the keys of a role's session begin on AWS.
        accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(48).toString('base64'),
      };
      const ownerNow = () => {
        const cause = causeNow();
        const owner = principal(functionName, role);
        return cause === undefined ? owner : { ...owner, cause };
      };
      const keys = createSigningKeys(credentials.secretAccessKey);
      issued.set(credentials.accessKeyId, { credentials, signingKey: keys, principal: ownerNow });
      return credentials;
    },
    find(accessKeyId) {
      const found = issued.get(accessKeyId);
      return found && { ...found, principal: found.principal() };
    },
  };
}

/** Scopes whose keys are remembered: one for each service and day; anybody may name others. */
const SCOPES_MAX_COUNT = 32;

function createSigningKeys(secretAccessKey: string): (scope: string) => Buffer {
  const keys = new Map<string, Buffer>();
  return (scope) => {
    const key = keys.get(scope) ?? signingKey(secretAccessKey, scope);
    if (keys.size < SCOPES_MAX_COUNT) keys.set(scope, key);
    return key;
  };
}
