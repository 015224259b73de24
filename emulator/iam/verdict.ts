/** What IAM says to one call; `hint` names the missing grant in CDK's words. */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly message: string; readonly hint: string };

/** One question to IAM. */
export interface AccessRequest {
  /** `service:Operation` */
  readonly action: string;
  /** ARN, or `*` of what has none. */
  readonly resource: string;
}
