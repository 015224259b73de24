/** Asks for a token; a local chat has people whose tokens are at hand. */
import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { TOKEN_MAX_LENGTH } from '../../protocol/limits.ts';
import { Avatar } from './controls/avatar.tsx';
import type { DemoPerson } from './config.ts';
import { LanguageField } from './language/language-field.tsx';
import { useLanguage } from './language/language-context.ts';

export interface SignInProps {
  readonly people: readonly DemoPerson[];
  /** The last token was refused. */
  readonly refused: boolean;
  readonly onToken: (token: string, stay: boolean) => void;
}

export function SignIn({ people, refused, onToken }: SignInProps): JSX.Element {
  const { words } = useLanguage();
  const [token, setToken] = useState('');
  const [stay, setStay] = useState(false);
  return (
    <main class="sign-in">
      <div class="sign-in-card">
        <img class="logo" src="favicon.svg" alt="" width="48" height="48" />
        <h1>{words.signIn.welcome}</h1>
        {people.length > 0 ? (
          <People people={people} onPerson={(person) => onToken(person.token, stay)} />
        ) : null}
        <form
          class="form"
          onSubmit={(event) => {
            event.preventDefault();
            onToken(token.trim(), stay);
          }}
        >
          <label class="field">
            <span>{words.signIn.token}</span>
            <input
              type="password"
              autocomplete="off"
              required
              maxLength={TOKEN_MAX_LENGTH}
              value={token}
              onInput={(event) => setToken(event.currentTarget.value)}
            />
            <small>{words.signIn.tokenHint}</small>
          </label>
          <p class="refusal" role="alert">
            {refused ? words.errors.invalid_token : ''}
          </p>
          <label class="choice">
            <input
              type="checkbox"
              checked={stay}
              onChange={(event) => setStay(event.currentTarget.checked)}
            />
            {words.signIn.stay}
          </label>
          <button class="button primary">{words.signIn.submit}</button>
        </form>
        <LanguageField />
      </div>
    </main>
  );
}

interface PeopleProps {
  readonly people: readonly DemoPerson[];
  readonly onPerson: (person: DemoPerson) => void;
}

function People({ people, onPerson }: PeopleProps): JSX.Element {
  const { words } = useLanguage();
  return (
    <section aria-label={words.signIn.people}>
      <ul class="people">
        {people.map((person) => (
          <li key={person.user}>
            <button
              type="button"
              aria-label={words.signIn.as(person.user)}
              onClick={() => onPerson(person)}
            >
              <Avatar user={person.user} />
              {person.user}
            </button>
          </li>
        ))}
      </ul>
      <p class="or">{words.signIn.or}</p>
    </section>
  );
}
