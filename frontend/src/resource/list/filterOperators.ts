import { t } from '@/locales/text';
import type { FilterField } from './descriptor';
import type { Filter, Operator } from './filter';

const byKind: Record<FilterField['kind'], readonly Operator[]> = {
  text: ['contains', 'eq', 'ne', 'starts_with', 'ends_with'],
  choice: ['eq', 'ne'],
  boolean: ['eq'],
  time: ['gt', 'lt'],
  number: ['eq', 'ne', 'gt', 'ge', 'lt', 'le'],
};

export function operatorsOf({ kind, nullable }: FilterField): readonly Operator[] {
  return nullable ? [...byKind[kind], 'is_null', 'not_null'] : byKind[kind];
}

export function operatorLabel(kind: FilterField['kind'], operator: Operator): string {
  if (kind === 'time' && operator === 'gt') return t('resource.after');
  if (kind === 'time' && operator === 'lt') return t('resource.before');
  return t(`resource.operator.${operator}`);
}

export function valueChoices(field: FilterField): readonly { value: string; label: string }[] | null {
  if (field.kind === 'choice') return field.choices;
  if (field.kind !== 'boolean') return null;
  return [
    { value: 'true', label: t('value.yes') },
    { value: 'false', label: t('value.no') },
  ];
}

export function describeFilter(field: FilterField, { operator, value }: Filter): string {
  const label = valueChoices(field)?.find((choice) => choice.value === value)?.label ?? value;
  return `${field.label} ${operatorLabel(field.kind, operator)} ${label}`.trim();
}
