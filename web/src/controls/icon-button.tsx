/** A button that shows a sign only; its label is for assistive technology, and shows on hovering. */
import type { ButtonHTMLAttributes, JSX } from 'preact';

import { Icon, type IconName } from './icon.tsx';

type IconButtonProps = Omit<ButtonHTMLAttributes, 'label' | 'icon'> & {
  readonly label: string;
  readonly icon: IconName;
};

export function IconButton({ label, icon, ...rest }: IconButtonProps): JSX.Element {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
    </button>
  );
}
