import { X } from 'lucide-react';

interface Properties {
  values: readonly string[];
  removeLabel: (value: string) => string;
  onRemove: (value: string) => void;
}

/** Values that were chosen, each with a button to take it back. */
export function RemovableChips({ values, removeLabel, onRemove }: Properties) {
  if (values.length === 0) return null;
  return (
    <ul className="flex min-w-0 flex-wrap items-center gap-2">
      {values.map((value) => (
        <li
          key={value}
          className="flex max-w-full min-w-0 items-center rounded-full bg-accent-soft pl-3 text-sm text-accent-strong"
        >
          <span className="truncate">{value}</span>
          <button
            type="button"
            aria-label={removeLabel(value)}
            onClick={() => onRemove(value)}
            className="grid size-8 shrink-0 place-items-center rounded-full touch:size-11"
          >
            <X className="size-4" aria-hidden="true" />
          </button>
        </li>
      ))}
    </ul>
  );
}
