interface Properties {
  label: string;
  checked: boolean;
  onChange: (isChecked: boolean) => void;
}

export function RowCheckbox({ label, checked, onChange }: Properties) {
  return (
    <label className="grid size-9 place-items-center touch:size-11">
      <input
        type="checkbox"
        aria-label={label}
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="size-4.5 accent-accent"
      />
    </label>
  );
}
