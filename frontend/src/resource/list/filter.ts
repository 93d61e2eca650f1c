export const operators = [
  'eq',
  'ne',
  'lt',
  'le',
  'gt',
  'ge',
  'contains',
  'starts_with',
  'ends_with',
  'is_null',
  'not_null',
] as const;
export type Operator = (typeof operators)[number];

export interface Filter {
  field: string;
  operator: Operator;
  value: string;
}

export function takesValue(operator: Operator): boolean {
  return operator !== 'is_null' && operator !== 'not_null';
}

function encodeField(field: string): string {
  return field.replace(/[:,()"%]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

function quote(value: string): string {
  return /[,()"]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function unquote(value: string): string {
  return /^".*"$/s.test(value) ? value.slice(1, -1).replaceAll('""', '"') : value;
}

export function formatFilter({ field, operator, value }: Filter): string {
  return `${encodeField(field)}:${operator}:${takesValue(operator) ? quote(value) : ''}`;
}

function decodeField(field: string): string | null {
  try {
    return decodeURIComponent(field);
  } catch {
    return null;
  }
}

/** Null for what this builder can't show, such as a group that was written by hand. */
export function parseFilter(text: string): Filter | null {
  const match = /^([^:,()"]+):(\w+)(?::(.*))?$/s.exec(text);
  const [, written = '', name, value = ''] = match ?? [];
  const field = decodeField(written);
  const operator = operators.find((known) => known === name);
  return field && operator ? { field, operator, value: unquote(value) } : null;
}
