export type FieldValue = string | boolean | readonly string[];
export type FormValues = Record<string, FieldValue>;

function isSame(one: FieldValue | undefined, other: FieldValue | undefined): boolean {
  if (!Array.isArray(one) || !Array.isArray(other)) return one === other;
  return one.length === other.length && one.every((member) => other.includes(member));
}

/** Only what was changed: a merge patch then never undoes what somebody else did to another field. */
export function changedFields<Values extends FormValues>(initial: Values, current: Values): Partial<Values> {
  const changed = Object.entries(current).filter(([name, value]) => !isSame(initial[name], value));
  return Object.fromEntries(changed) as Partial<Values>;
}

/** An emptied field has no value, which is not the same as an empty text. */
export function emptyAsNull<Value extends string>(value: Value | undefined): Value | null | undefined {
  return value === '' ? null : value;
}
