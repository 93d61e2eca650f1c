interface Properties {
  id: string;
  label: string;
  options: readonly string[];
  /** The place of the option that Enter would choose; -1 for none. */
  active: number;
  optionId: (position: number) => string;
  note?: string | undefined;
  onChoose: (option: string) => void;
}

/** The options below a combobox. The input keeps the focus and the keys, and names the active option. */
export function OptionList({ id, label, options, active, optionId, note, onChoose }: Properties) {
  return (
    // In a dialog it takes its room: floating it would be cut off at the dialog's edge.
    <div className="absolute inset-x-0 top-full z-30 mt-1 max-h-60 overflow-y-auto rounded-xl border border-line bg-raised p-1.5 shadow-lg in-[dialog]:static">
      <div id={id} role="listbox" aria-label={label}>
        {options.map((option, position) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the input
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's
          <div
            key={option}
            id={optionId(position)}
            role="option"
            aria-selected={position === active}
            ref={
              position === active ? (element) => element?.scrollIntoView?.({ block: 'nearest' }) : undefined
            }
            className="flex min-h-9 items-center rounded-lg px-3 wrap-anywhere hover:bg-sunken aria-selected:bg-accent-soft aria-selected:text-accent-strong touch:min-h-11"
            // Before the input loses the focus and settles on something else.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => onChoose(option)}
          >
            {option}
          </div>
        ))}
      </div>
      {note && <p className="px-3 py-1.5 text-sm text-muted">{note}</p>}
    </div>
  );
}
