/**
 * A real Chromium for the tests: the one that the machine has, or Debian's where it can be installed on the
 * spot (as root, with apt-get at hand). Where there is none, the browser tests do not run, and the run says
 * so at its end (`browser-line.ts`).
 */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** Where installers put it beside the path of commands. */
const PLACES = [
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** How long its packages may take to come. */
const INSTALL_MAX_MS = 240_000;

/** Seconds for which apt-get waits for another one: a second test file may be installing it already. */
const LOCK_MAX_SECONDS = 240;

const isRoot = process.getuid?.() === 0;

/** Starts a browser, or answers undefined where there is none to be had. */
export async function startBrowser(): Promise<Browser | undefined> {
  const executablePath = findBrowser() ?? (await installBrowser());
  if (executablePath === undefined) return undefined;
  return chromium.launch({
    executablePath,
    // Chromium's sandbox refuses to run as root.
    args: isRoot ? ['--no-sandbox'] : [],
  });
}

/** The program of a Chromium or Chrome of this machine. */
function findBrowser(): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  const onPath = NAMES.flatMap((name) => directories.map((directory) => join(directory, name)));
  return [...onPath, ...PLACES].find((file) => existsSync(file));
}

async function installBrowser(): Promise<string | undefined> {
  if (!isRoot || !existsSync('/usr/bin/apt-get')) return undefined;
  const apt = (...words: string[]) =>
    promisify(execFile)(
      'apt-get',
      ['-qq', '-o', `DPkg::Lock::Timeout=${LOCK_MAX_SECONDS}`, ...words],
      {
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
        timeout: INSTALL_MAX_MS,
      },
    );
  try {
    await apt('update');
    await apt('install', '--yes', '--no-install-recommends', 'chromium');
  } catch {
    // No network, or no such package: as good as no apt-get.
    return undefined;
  }
  return findBrowser();
}
