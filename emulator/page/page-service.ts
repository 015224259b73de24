import type { Service, ServiceRequest, ServiceResponse } from '../service.ts';
import type { Bill } from '../meter/bill.ts';
import { PAGE_HTML } from './page-html.ts';
import { bundlePageScript } from './page-script-bundle.ts';
import { PAGE_STYLE } from './page-style.ts';
import type { Redrive } from './redrive.ts';
import type { PageState } from './state.ts';

/**
 * What the emulator tells of itself, under `/_parley` on every port: a page for people, the same as JSON
 * at `/_parley/state`, the bill at `/_parley/meter`. It listens to this machine alone, but any page of any
 * site can send requests to this machine: so it answers only to its own names (no DNS rebinding), and
 * changes something only when its own page asks.
 */
export interface PageServiceParts {
  readonly state: () => PageState;
  readonly bill: () => Bill;
  /** Breaks a connection off; false: it is not there. */
  readonly cut: (connectionId: string) => boolean;
  readonly redrive: Redrive;
}

/** Where the bill is. */
export const METER_PATH = '/_parley/meter';

/** Sent by the page's own script: a foreign page cannot add it without being asked first, and is refused then. */
export const PAGE_HEADER = 'x-parley-page';

const HOSTS = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/;

const SECURITY = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

export function createPageService(parts: PageServiceParts): Service {
  let script: Promise<string> | undefined;
  const texts: Readonly<Record<string, () => Promise<ServiceResponse>>> = {
    '/_parley': async () => text('text/html', PAGE_HTML),
    '/_parley/page.css': async () => text('text/css', PAGE_STYLE),
    '/_parley/page.js': async () => text('text/javascript', await (script ??= bundlePageScript())),
    '/_parley/state': async () => json(parts.state()),
    [METER_PATH]: async () => json(parts.bill()),
  };
  const deeds: Readonly<Record<string, (asked: URLSearchParams) => Promise<ServiceResponse>>> = {
    async '/_parley/cut'(asked) {
      return parts.cut(asked.get('connection') ?? '') ? json({}) : { status: 404 };
    },
    async '/_parley/redrive'(asked) {
      return json(await parts.redrive(asked.get('queue') ?? '', asked.get('message') ?? ''));
    },
  };
  return async (request) => {
    const { pathname, searchParams } = new URL(request.path, 'http://127.0.0.1');
    const path = pathname.replace(/\/$/, '');
    if (!HOSTS.test(request.headers['host'] ?? '')) return { status: 403, headers: SECURITY };
    const show = texts[path];
    if (show !== undefined) return request.method === 'GET' ? show() : notAllowed('GET');
    const act = deeds[path];
    if (act === undefined) return { status: 404, headers: SECURITY };
    if (request.method !== 'POST') return notAllowed('POST');
    return isOwn(request) ? act(searchParams) : { status: 403, headers: SECURITY };
  };
}

/** Asked by the page itself. */
function isOwn({ headers }: ServiceRequest): boolean {
  const { host = '', origin } = headers;
  return (
    headers[PAGE_HEADER] !== undefined && (origin === undefined || origin === `http://${host}`)
  );
}

const text = (type: string, body: string): ServiceResponse => ({
  status: 200,
  headers: { ...SECURITY, 'content-type': `${type}; charset=utf-8` },
  body,
});

const json = (value: object): ServiceResponse => ({
  status: 200,
  headers: { ...SECURITY, 'content-type': 'application/json' },
  body: JSON.stringify(value),
});

const notAllowed = (allow: string): ServiceResponse => ({
  status: 405,
  headers: { ...SECURITY, allow },
});
