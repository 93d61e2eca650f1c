export interface ButtonLook {
  variant?: 'primary' | 'secondary' | 'quiet' | 'danger';
  size?: 'normal' | 'small' | 'icon';
}

const variants = {
  primary: 'bg-accent text-on-accent hover:bg-accent-strong border-transparent',
  secondary: 'bg-surface text-ink border-control/60 hover:bg-sunken',
  quiet: 'border-transparent text-muted hover:bg-sunken hover:text-ink',
  danger: 'bg-danger text-on-danger hover:bg-danger-strong border-transparent',
};

const sizes = {
  normal: 'h-10 px-4 touch:h-11',
  small: 'h-8 px-3 text-sm touch:h-11',
  icon: 'size-9 touch:size-11',
};

/** How a button looks; links that act as one share it. */
export function buttonLook({ variant = 'secondary', size = 'normal' }: ButtonLook): string {
  return `inline-flex items-center justify-center gap-2 rounded-lg border font-medium whitespace-nowrap transition-colors disabled:opacity-50 aria-disabled:opacity-60 ${variants[variant]} ${sizes[size]}`;
}
