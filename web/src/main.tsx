/** Where the page begins: settings and language are fetched at the same time, then it is drawn. */
import { render } from 'preact';

import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/rooms.css';
import './styles/timeline.css';
import './styles/message.css';
import './styles/composer.css';
import './styles/overlay.css';
import { App } from './app.tsx';
import { loadConfig } from './config.ts';
import { createKeptToken } from './kept-token.ts';
import { chooseLanguage, loadLanguage } from './language/languages.ts';

/** Where the chosen language is kept. */
const LANGUAGE_KEY = 'parley.language';

const wanted = [localStorage.getItem(LANGUAGE_KEY) ?? '', ...navigator.languages];
const [config, language] = await Promise.all([
  loadConfig(),
  loadLanguage(chooseLanguage(wanted), navigator.languages),
]);
const root = document.getElementById('app');
if (root === null) throw new Error('The page has no place for the app');
render(
  <App
    config={config}
    firstLanguage={language}
    keptToken={createKeptToken(sessionStorage, localStorage)}
    keepLanguage={(name) => localStorage.setItem(LANGUAGE_KEY, name)}
  />,
  root,
);
