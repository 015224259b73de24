import { toJsonSchema } from '@valibot/to-json-schema';

import { ACTION_FIELDS } from '../protocol/action-fields.ts';
import type { Action } from '../protocol/actions.ts';
import { UUID_MAX_LENGTH } from '../protocol/limits.ts';

/** What clients send, as the messages of an AsyncAPI document. */
type JsonSchema = ReturnType<typeof toJsonSchema>;

const UUID = { type: 'string', minLength: 1, maxLength: UUID_MAX_LENGTH };

/** The frame of an action, from the schemas that read it. */
export function requestMessage(action: Action): object {
  const schemas = ACTION_FIELDS[action].map((schema) =>
    toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' }),
  );
  const fields = Object.fromEntries(
    schemas.flatMap(({ properties = {} }) => Object.entries(properties)),
  );
  return {
    name: action,
    payload: {
      type: 'object',
      properties: {
        uuid: UUID,
        action: { const: action },
        ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, plain(field)])),
      },
      required: [
        'uuid',
        'action',
        ...Object.keys(fields).filter((name) => isDemanded(fields[name])),
      ],
    },
  };
}

/** The schemas turn what is absent into something empty that is then refused in the protocol's words. */
const isDemanded = (field: unknown) =>
  typeof field === 'object' &&
  field !== null &&
  'default' in field &&
  (field.default === '' || Number.isNaN(field.default) || typeof field.default === 'object');

function plain(field: unknown): unknown {
  if (!isDemanded(field)) return field;
  const { default: _, ...rest } = field as JsonSchema;
  return rest;
}
