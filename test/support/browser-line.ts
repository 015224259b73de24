import type { Reporter, TestModule } from 'vitest/node';

/** Says at the end of a run that browser tests were skipped for want of a browser, and what to do. */
export default class BrowserLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const skipped = modules.some((module) =>
      [...module.children.allTests('skipped')].some(({ fullName }) => fullName.includes(WANTED)),
    );
    if (skipped) process.stdout.write(`${LINE}\n`);
  }
}

/** What the name of a group of tests says that needs a browser. */
export const WANTED = 'in a browser';

const LINE =
  'The browser tests did not run: there is no Chromium or Chrome here. ' +
  'Install one (on Debian: apt-get install chromium) and run them again.';
