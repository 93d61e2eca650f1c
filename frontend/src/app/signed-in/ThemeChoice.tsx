import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { t } from '@/locales/text';
import { chooseTheme, chosenTheme, themes } from '@/ui/theme';

const icons = { system: Monitor, light: Sun, dark: Moon };

export function ThemeChoice() {
  const [chosen, setChosen] = useState(chosenTheme);
  return (
    <fieldset className="border-y border-line px-3 py-2">
      <legend className="sr-only">{t('theme.label')}</legend>
      <div className="grid grid-cols-3 gap-1 rounded-lg bg-sunken p-1">
        {themes.map((theme) => {
          const Icon = icons[theme];
          return (
            <label
              key={theme}
              title={t(`theme.${theme}`)}
              className="grid h-8 place-items-center rounded-md text-muted has-checked:bg-raised has-checked:text-ink has-checked:shadow-sm has-focus-visible:outline-2 has-focus-visible:outline-accent touch:h-11"
            >
              <input
                type="radio"
                name="theme"
                className="sr-only"
                checked={chosen === theme}
                onChange={() => {
                  chooseTheme(theme);
                  setChosen(theme);
                }}
              />
              <Icon className="size-4" aria-hidden="true" />
              <span className="sr-only">{t(`theme.${theme}`)}</span>
            </label>
          );
        })}
      </div>
    </fieldset>
  );
}
