/**
 * One structured line for each invocation, for CloudWatch: what was asked, how it ended, how long it
 * took. Never a text, a token, a uuid or a whole connection id.
 */
export function report(fields: Readonly<Record<string, string | number | undefined>>): void {
  console.log(JSON.stringify(fields));
}
