import type { PageState } from '../state.ts';

/**
 * Runs in the browser: asks for the state once a second while the page is seen, and fills the tables. All
 * texts go in as texts. What has not changed is left alone, so that a reader's place and selection stay.
 */
const POLL_MS = 1_000;

/** `x-parley-page` of `page-service.ts`. */
const HEADERS = { 'x-parley-page': '1' };

type Cell = string | number | Node | { readonly bad: string };

const element = (id: string): HTMLElement => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`There is no ${id}`);
  return found;
};

function make(tag: string, text = '', name = ''): HTMLElement {
  const made = document.createElement(tag);
  made.textContent = text;
  if (name !== '') made.className = name;
  return made;
}

function cellOf(value: Cell): HTMLElement {
  if (typeof value === 'number') return make('td', value.toLocaleString(), 'number');
  if (typeof value === 'string') return make('td', value);
  if ('bad' in value) return make('td', value.bad, 'bad');
  const cell = make('td');
  cell.append(value);
  return cell;
}

const shown = new Map<string, string>();

/** Fills a table, unless it shows the same already. */
function fill(id: string, key: unknown, rows: () => readonly (readonly Cell[])[]): void {
  const text = JSON.stringify(key);
  if (shown.get(id) === text) return;
  shown.set(id, text);
  const made = rows();
  element(`${id}-count`).textContent = String(made.length);
  element(id).replaceChildren(
    ...made.map((cells) => {
      const row = document.createElement('tr');
      row.append(...cells.map(cellOf));
      return row;
    }),
  );
}

const say = (text: string) => {
  element('said').textContent = text;
};

/** A button that asks the emulator to do something, and says what came of it. */
function button(label: string, about: string, path: string, told: (answer: object) => string) {
  const made = make('button', label) as HTMLButtonElement;
  made.type = 'button';
  made.setAttribute('aria-label', `${label} ${about}`);
  made.addEventListener('click', () => {
    void fetch(path, { method: 'POST', headers: HEADERS })
      .then(async (answer) => (answer.ok ? told((await answer.json()) as object) : 'It is gone.'))
      .then(say)
      .then(refresh);
  });
  return made;
}

const clockTime = (ms: number) => new Date(ms).toLocaleTimeString();
const seconds = (ms: number) => `${Math.max(0, Math.round(ms / 1_000))} s`;
const query = (path: string, fields: Record<string, string>) =>
  `${path}?${new URLSearchParams(fields).toString()}`;

function printed(lines: readonly string[]): Cell {
  return lines.length === 0 ? '' : make('pre', lines.join('\n'));
}

function showConnections({ apis, httpApis, bill, now }: PageState): void {
  const connections = apis.flatMap((api) => api.connections);
  element('summary').textContent =
    `${connections.length} connections, ${bill.usd.toFixed(6)} USD so far`;
  fill(
    'apis',
    [apis.map(({ websocket, connections: open }) => [websocket, open.length]), httpApis],
    () => [
      ...apis.map(({ name, websocket, routes, connections: open }) => [
        name,
        'WebSocket',
        websocket,
        routes.join(', '),
        open.length,
      ]),
      ...httpApis.map(({ name, url, routes }) => [name, 'HTTP', url, routes.join(', '), '']),
    ],
  );
  fill('connections', [connections, Math.round(now / 5_000)], () =>
    connections.map(({ connectionId, connectedAt, lastActiveAt }) => [
      connectionId,
      seconds(now - connectedAt),
      `${seconds(now - lastActiveAt)} ago`,
      button(
        'Cut',
        connectionId,
        query('/_parley/cut', { connection: connectionId }),
        () => `${connectionId} is cut off.`,
      ),
    ]),
  );
}

function showTraffic({ frames, requests, invocations }: PageState): void {
  fill('frames', frames[0], () =>
    frames.map(({ time, what, connection, by = '', bytes = '', code = '', ms, content }) => [
      clockTime(time),
      what,
      connection,
      content === undefined ? by : make('pre', `${by} ${content}`),
      bytes,
      code,
      ms === undefined ? '' : Math.round(ms),
    ]),
  );
  fill('requests', [requests[0], requests.length], () =>
    requests.map(({ time, method, path, code, by = '', ms, content = '', answer = '' }) => [
      clockTime(time),
      method,
      content === '' && answer === '' ? path : make('pre', [path, content, answer].join('\n')),
      code < 500 ? code : { bad: String(code) },
      by,
      Math.round(ms),
    ]),
  );
  fill('invocations', invocations[0]?.requestId, () =>
    invocations.map(({ startedAt, function: name, outcome, durationMs, logs, error, cold }) => [
      clockTime(startedAt),
      cold ? `${name} (cold)` : name,
      error === undefined ? outcome : { bad: error },
      Math.round(durationMs),
      printed(logs),
    ]),
  );
}

function showBacklog({ mappings, queues }: PageState): void {
  fill('mappings', mappings, () =>
    mappings.map(({ path, status, records, ageMs }) => [path, status, records, seconds(ageMs)]),
  );
  fill('letters', queues, () =>
    queues.flatMap(({ name, messages }) =>
      messages.map(({ messageId, sentAt, body }) => [
        name,
        clockTime(sentAt),
        make('pre', body),
        button(
          'Redrive',
          messageId,
          query('/_parley/redrive', { queue: name, message: messageId }),
          (answer) =>
            'redriven' in answer
              ? `${String(answer.redriven)} records went through.`
              : `It stays: ${'problem' in answer ? String(answer.problem) : 'unknown'}.`,
        ),
      ]),
    ),
  );
}

function showRest({ bill, unsupported }: PageState): void {
  fill('bill', bill.usd, () =>
    bill.lines.map(({ resource, what, quantity, unit, usd }) => [
      resource,
      what,
      `${quantity.toLocaleString()} ${unit}`,
      usd.toFixed(9),
    ]),
  );
  fill('unsupported', unsupported, () =>
    unsupported.map(({ type, path, reason = '' }) => [type, path, reason]),
  );
}

async function refresh(): Promise<void> {
  try {
    const answer = await fetch('/_parley/state');
    const state = (await answer.json()) as PageState;
    for (const show of [showConnections, showTraffic, showBacklog, showRest]) show(state);
    if (element('said').textContent === GONE) say('');
  } catch {
    say(GONE);
  }
}

const GONE = 'The emulator does not answer.';

setInterval(() => {
  const live = element('live') as HTMLInputElement;
  if (live.checked && document.visibilityState === 'visible') void refresh();
}, POLL_MS);
void refresh();
