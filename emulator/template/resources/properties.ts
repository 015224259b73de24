import * as v from 'valibot';

/**
 * The values of resource properties as CloudFormation takes them: generous with numbers and flags in
 * strings, and with one value where a list may stand.
 */

export const text = v.pipe(v.union([v.string(), v.number(), v.boolean()]), v.transform(String));

export const number = v.pipe(
  v.union([v.number(), v.pipe(v.string(), v.nonEmpty())]),
  v.transform(Number),
  v.finite(),
);

export const flag = v.pipe(
  v.union([v.boolean(), v.picklist(['true', 'false'])]),
  v.transform((value) => value === true || value === 'true'),
);

/** One or many become many; absent becomes none. */
export function oneOrMany<Schema extends v.GenericSchema>(
  schema: Schema,
): v.GenericSchema<unknown, v.InferOutput<Schema>[]> {
  const one = v.pipe(
    schema,
    v.transform((value) => [value]),
  );
  return v.optional(v.union([v.array(schema), one]), []);
}
