/** The keys of the page. */
import type { JSX } from 'preact';

import { Dialog } from './dialog.tsx';
import { useLanguage } from '../language/language-context.ts';
import type { Words } from '../language/words.ts';

/** Keys by what they do, as written on them. */
const KEYS: readonly { readonly does: keyof Words['shortcuts']; readonly keys: string }[] = [
  { does: 'switcher', keys: 'Ctrl K' },
  { does: 'composer', keys: 'Ctrl I' },
  { does: 'send', keys: 'Enter' },
  { does: 'newline', keys: 'Shift Enter' },
  { does: 'editLast', keys: '↑' },
  { does: 'move', keys: '↑ ↓' },
  { does: 'inside', keys: '→' },
  { does: 'menu', keys: 'Enter' },
  { does: 'escape', keys: 'Esc' },
  { does: 'help', keys: '?' },
];

export function ShortcutsDialog({ onClose }: { readonly onClose: () => void }): JSX.Element {
  const { words } = useLanguage();
  return (
    <Dialog title={words.shortcuts.title} onClose={onClose}>
      <dl class="shortcuts">
        {KEYS.map(({ does, keys }) => (
          <div key={does}>
            <dt>{words.shortcuts[does]}</dt>
            <dd>
              {keys.split(' ').map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
