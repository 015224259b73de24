/**
 * The headers that the page is served with, wherever it is: on this machine by `bin/web-server.ts`, from a
 * stack by its content network. The page may run its own scripts and styles, show its own pictures, and
 * speak with its own server and the chat's; nothing else, nothing inline, in nobody's frame.
 */

/** `url` is that of the WebSocket; it may be a token that is known only when the stack is deployed. */
export function contentSecurityPolicy(url: string): string {
  const policy = {
    'default-src': "'none'",
    'script-src': "'self'",
    'style-src': "'self'",
    'img-src': "'self'",
    'connect-src': `'self' ${url}`,
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
    'require-trusted-types-for': "'script'",
    'trusted-types': "'none'",
  };
  return Object.entries(policy)
    .map((directive) => directive.join(' '))
    .join('; ');
}

/** Those that a content network has no setting of its own for. */
export const ISOLATION_HEADERS = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const;

/** All of them. */
export const securityHeaders = (url: string): Readonly<Record<string, string>> => ({
  'content-security-policy': contentSecurityPolicy(url),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  ...ISOLATION_HEADERS,
});
