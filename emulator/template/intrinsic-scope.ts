/** What the names in a template mean, to the intrinsic functions that say them. */
export interface Scope {
  readonly region: string;
  /** What `Ref` gives: a string, a list (of a list parameter), `NO_VALUE` or `Unresolved`. */
  reference(name: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  /** True or false, or `Unresolved`. */
  condition(name: string): unknown;
  /** Undefined when the mapping has no such entry. */
  mapping(name: string, topKey: string, secondKey: string): unknown;
  exported(name: string): unknown;
  stackOutput(stackName: string, outputName: string, region: string): unknown;
  /** The value of a dynamic reference, named without its `{{resolve:` and `}}`. */
  dynamicReference(name: string): string | undefined;
}
