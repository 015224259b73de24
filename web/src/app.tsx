/** The page: whoever is signed in sees the chat, everybody else the sign-in. */
import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { ChatScreen } from './chat-screen.tsx';
import type { Config } from './config.ts';
import type { KeptToken } from './kept-token.ts';
import { LanguageContext } from './language/language-context.ts';
import { type Language, type LanguageName, loadLanguage } from './language/languages.ts';
import { type LiveChat, LiveChatContext, startLiveChat } from './live-chat.ts';
import { SignIn } from './sign-in.tsx';

export interface AppProps {
  readonly config: Config | undefined;
  readonly firstLanguage: Language;
  readonly keptToken: KeptToken;
  readonly keepLanguage: (name: LanguageName) => void;
}

export function App({ config, firstLanguage, keptToken, keepLanguage }: AppProps): JSX.Element {
  const [language, setLanguage] = useState(firstLanguage);
  useEffect(() => {
    document.documentElement.lang = language.name;
    document.documentElement.dir = language.direction;
  }, [language]);
  const speak = (name: LanguageName) => {
    keepLanguage(name);
    void loadLanguage(name, navigator.languages).then(setLanguage);
  };
  return (
    <LanguageContext.Provider value={{ ...language, speak }}>
      {config === undefined ? (
        <main class="notice-screen">
          <p role="alert">{language.words.signIn.unreachable}</p>
        </main>
      ) : (
        <SignedInOrNot config={config} keptToken={keptToken} />
      )}
    </LanguageContext.Provider>
  );
}

interface SignedInOrNotProps {
  readonly config: Config;
  readonly keptToken: KeptToken;
}

function SignedInOrNot({ config, keptToken }: SignedInOrNotProps): JSX.Element {
  const [refused, setRefused] = useState(false);
  const start = (token: string) =>
    startLiveChat({
      url: config.url,
      token,
      signedOut(why) {
        keptToken.forget();
        setRefused(why === 'refused');
        setLive(undefined);
      },
    });
  const [live, setLive] = useState<LiveChat | undefined>(() => {
    const token = keptToken.read();
    return token === undefined ? undefined : start(token);
  });
  if (live === undefined) {
    return (
      <SignIn
        people={config.people}
        refused={refused}
        onToken={(token, stay) => {
          keptToken.keep(token, stay);
          setLive(start(token));
        }}
      />
    );
  }
  return (
    <LiveChatContext.Provider value={live}>
      <ChatScreen />
    </LiveChatContext.Provider>
  );
}
