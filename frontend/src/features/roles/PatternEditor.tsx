import type { KeyboardEvent } from 'react';
import { t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { RemovableChips } from '@/ui/RemovableChips';
import { TextField } from '@/ui/TextField';

interface Properties {
  patterns: readonly string[];
  typed: string;
  onType: (text: string) => void;
  onAdd: (pattern: string) => void;
  onRemove: (pattern: string) => void;
}

export function PatternEditor({ patterns, typed, onType, onAdd, onRemove }: Properties) {
  function add() {
    const pattern = typed.trim();
    if (pattern) onAdd(pattern);
  }

  function addOnEnter(event: KeyboardEvent) {
    if (event.key !== 'Enter') return;
    // Otherwise Enter would submit the whole form.
    event.preventDefault();
    add();
  }

  return (
    <div className="grid gap-3 border-t border-line pt-4">
      <RemovableChips
        values={patterns}
        removeLabel={(permission) => t('roles.removePattern', { permission })}
        onRemove={onRemove}
      />
      <div className="flex flex-wrap items-start gap-2">
        <div className="min-w-0 grow">
          <TextField
            label={t('roles.pattern')}
            help={t('roles.patternHelp')}
            value={typed}
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => onType(event.target.value)}
            onKeyDown={addOnEnter}
          />
        </div>
        <Button className="mt-6.5" onClick={add}>
          {t('roles.addPattern')}
        </Button>
      </div>
    </div>
  );
}
