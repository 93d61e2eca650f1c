import { ChevronDown } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useState } from 'react';
import { t } from '@/locales/text';
import { controlLook, Field } from './Field';
import { OptionList } from './OptionList';

interface Properties {
  label: string;
  value: string;
  options: readonly string[];
  /** Said below the options, such as that there are more. */
  note?: string | undefined;
  /** Whether what is not among the options may be chosen by writing it out. */
  isOpenEnded?: boolean;
  required?: boolean;
  onSearch?: (text: string) => void;
  onChange: (value: string) => void;
}

/** A choice among many: what is typed narrows it, arrows and Enter or a click choose (the ARIA pattern of an editable combobox). */
export function Combobox(properties: Properties) {
  const { label, value, options, note, isOpenEnded, required, onSearch, onChange } = properties;
  const [typed, setTyped] = useState<string | null>(null);
  const [isOpen, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const id = useId();
  const listId = `${id}-list`;
  const optionId = (position: number) => `${id}-${position}`;
  const shown = isOpen ? options : [];
  const current = Math.min(active, shown.length - 1);
  const text = typed?.trim() ?? '';
  const exact = options.find((option) => option.toLowerCase() === text.toLowerCase());
  const isUnknown = text !== '' && !isOpen && exact === undefined && !isOpenEnded;
  const error = isUnknown ? t('field.unknownChoice') : undefined;

  function search(text: string | null) {
    setTyped(text);
    setActive(-1);
    onSearch?.(text ?? '');
  }

  function choose(chosen: string) {
    search(null);
    setOpen(false);
    if (chosen !== value) onChange(chosen);
  }

  /** What was written out in full counts as chosen; what leads nowhere stays to be seen, and nothing is chosen. */
  function settle() {
    setOpen(false);
    if (typed === null) return;
    if (exact !== undefined || isOpenEnded || text === '') choose(exact ?? text);
    else if (value !== '') onChange('');
  }

  // The options that fit what was written may come only after it was left.
  useEffect(() => {
    if (typed !== null && !isOpen && exact !== undefined) choose(exact);
  });

  function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setOpen(true);
      const last = options.length - 1;
      setActive(step > 0 ? (current >= last ? 0 : current + 1) : current <= 0 ? last : current - 1);
    } else if (event.key === 'Enter' && (current >= 0 || typed !== null)) {
      // Otherwise it would submit the form before there is a choice.
      event.preventDefault();
      const only = shown.length === 1 && text ? shown[0] : undefined;
      const chosen = shown[current] ?? only;
      if (chosen === undefined) settle();
      else choose(chosen);
    } else if (event.key === 'Escape' && isOpen) {
      // The dialog around it stays.
      event.preventDefault();
      event.stopPropagation();
      search(null);
      setOpen(false);
    }
  }

  return (
    <Field label={label} error={error}>
      {(control) => (
        <div className="relative">
          <input
            {...control}
            // No form is sent with it: the browser takes the focus here and says why.
            ref={(input) => input?.setCustomValidity(error ?? '')}
            role="combobox"
            aria-expanded={shown.length > 0}
            aria-controls={shown.length > 0 ? listId : undefined}
            aria-autocomplete="list"
            aria-activedescendant={current >= 0 ? optionId(current) : undefined}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            required={required}
            value={typed ?? value}
            onChange={(event) => {
              search(event.target.value);
              setOpen(true);
            }}
            onClick={() => setOpen(true)}
            onKeyDown={onKeyDown}
            onBlur={settle}
            className={`${controlLook} pr-9`}
          />
          <ChevronDown
            className="pointer-events-none absolute top-3 right-3 size-4 text-muted touch:top-3.5"
            aria-hidden="true"
          />
          {shown.length > 0 && (
            <OptionList
              id={listId}
              label={label}
              options={shown}
              active={current}
              optionId={optionId}
              note={note}
              onChoose={choose}
            />
          )}
        </div>
      )}
    </Field>
  );
}
