/** A value that cannot be had, and why, in words for the template's author. */
export class Unresolved {
  readonly reason: string;
  constructor(reason: string) {
    this.reason = reason;
  }
}

/** What `Ref: AWS::NoValue` gives: the property, or the element, that holds it goes away. */
export const NO_VALUE = Symbol('AWS::NoValue');
