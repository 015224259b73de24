/**
 * What the web chat's page may do: load its own files, and speak to the one WebSocket. No script or
 * style inside the page, no frame around it, no form that leaves it.
 */
export const contentSecurityPolicy = (webSocketUrl: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    `connect-src 'self' ${webSocketUrl}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
