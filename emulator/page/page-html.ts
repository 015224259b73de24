/** The page before its script has filled it: what there is to see, in the order of a debugger's questions. */
const section = (id: string, title: string, columns: readonly string[]): string => `
    <section>
      <h2 id="${id}-title">${title} <span class="count" id="${id}-count"></span></h2>
      <div class="wide" tabindex="0" role="region" aria-labelledby="${id}-title">
        <table>
          <thead><tr>${columns.map((column) => `<th scope="col">${column}</th>`).join('')}</tr></thead>
          <tbody id="${id}"></tbody>
        </table>
      </div>
    </section>`;

export const PAGE_HTML = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta name="color-scheme" content="light dark">
    <title>Parley emulator</title>
    <link rel="stylesheet" href="/_parley/page.css">
    <script type="module" src="/_parley/page.js"></script>
  </head>
  <body>
    <header>
      <h1>Parley emulator</h1>
      <p id="summary"></p>
      <label><input type="checkbox" id="live" checked> Keep current</label>
      <p role="status" id="said"></p>
    </header>
    <main>${[
      section('apis', 'APIs', ['Name', 'Kind', 'Address', 'Routes', 'Connections']),
      section('connections', 'Connections', ['Id', 'Open for', 'Last active', 'Action']),
      section('frames', 'Frames', ['Time', 'What', 'Connection', 'By', 'Bytes', 'Code', 'ms']),
      section('requests', 'HTTP requests', ['Time', 'Method', 'Path', 'Status', 'Function', 'ms']),
      section('invocations', 'Invocations', ['Time', 'Function', 'Outcome', 'ms', 'Printed']),
      section('mappings', 'Streams', [
        'Event source mapping',
        'Status',
        'Records behind',
        'Oldest',
      ]),
      section('letters', 'Queues', ['Queue', 'Sent', 'Message', 'Action']),
      section('bill', 'Bill', ['Resource', 'What', 'Units', 'USD']),
      section('unsupported', 'Not run', ['Type', 'Path', 'Why']),
    ].join('')}
    </main>
  </body>
</html>
`;
