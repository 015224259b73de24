/** What one can set about the page itself. */
import type { JSX } from 'preact';

import { Dialog } from './dialog.tsx';
import { LanguageField } from '../language/language-field.tsx';
import { useLanguage } from '../language/language-context.ts';
import { useLiveChat } from '../live-chat.ts';

export function SettingsDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { words } = useLanguage();
  const { dialog } = useLiveChat();
  return (
    <Dialog title={words.settings.title} onClose={onClose}>
      <div class="form">
        <LanguageField />
        <button
          type="button"
          class="button"
          onClick={() => {
            dialog.value = { name: 'shortcuts' };
          }}
        >
          {words.settings.shortcuts}
        </button>
      </div>
    </Dialog>
  );
}
