/** Readonly all the way down: a frame is read by many and changed by nobody. */
export type Frozen<Value> = unknown extends Value
  ? Value
  : { readonly [Key in keyof Value]: Frozen<Value[Key]> };
