/** How the page looks: the system's font, light or dark as the system is. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --line: light-dark(#d4d8d3, #3a403c);
  --quiet: light-dark(#555c57, #a9b1ab);
  --bad: light-dark(#a32020, #ff9d94);
  --ground: light-dark(#f6f7f4, #1f2321);
}
* { box-sizing: border-box; }
body { color: light-dark(#191d1a, #eceeec); background: light-dark(#fff, #161917); margin: 0 auto; padding: 1rem; max-width: 90rem; font: 0.9375rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; align-items: baseline; }
header p { margin: 0; color: var(--quiet); }
h1 { margin: 0; font-size: 1.25rem; }
h2 { margin: 1.5rem 0 0.5rem; font-size: 1rem; }
.count { color: var(--quiet); font-weight: normal; }
.wide { overflow-x: auto; border: 1px solid var(--line); border-radius: 0.5rem; }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 0.25rem 0.75rem; text-align: start; vertical-align: top; border-block-end: 1px solid var(--line); }
th { background: var(--ground); font-weight: 600; white-space: nowrap; }
tr:last-child td { border-block-end: 0; }
td { overflow-wrap: anywhere; }
td.number { text-align: end; white-space: nowrap; }
td.bad { color: var(--bad); }
pre { margin: 0; max-height: 12rem; overflow: auto; white-space: pre-wrap; font: 0.8125rem/1.4 ui-monospace, monospace; }
button { font: inherit; padding: 0.125rem 0.75rem; border: 1px solid var(--line); border-radius: 0.375rem; }
:focus-visible { outline: 2px solid light-dark(#0f766e, #5eead4); outline-offset: 2px; }
`;
