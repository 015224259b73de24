/**
 * The name of a function in any of the forms AWS takes it: `name`, `name:qualifier`,
 * `account:function:name` or a whole ARN, with or without a qualifier (which is ignored: there are no
 * versions and aliases here).
 */
export function functionName(nameOrArn: string): string {
  const [, afterFunction] = /(?:^|:)function:([^:]+)/.exec(nameOrArn) ?? [];
  return afterFunction ?? nameOrArn.replace(/:.*$/, '');
}
