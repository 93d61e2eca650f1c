import { ListFilter } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { t } from '@/locales/text';
import { Button } from '@/ui/Button';
import { controlLook, Field } from '@/ui/Field';
import { Menu } from '@/ui/Menu';
import { SelectField } from '@/ui/SelectField';
import type { FilterField } from './descriptor';
import { formatFilter, type Operator, takesValue } from './filter';
import { operatorLabel, operatorsOf, valueChoices } from './filterOperators';

interface Properties {
  fields: readonly FilterField[];
  onAdd: (filter: string) => void;
}

export function FilterBuilder({ fields, onAdd }: Properties) {
  return (
    <Menu
      align="start"
      label={
        <>
          <ListFilter className="size-4.5" aria-hidden="true" />
          {t('resource.addFilter')}
        </>
      }
    >
      {(close) => (
        <FilterForm
          fields={fields}
          onAdd={(filter) => {
            onAdd(filter);
            close();
          }}
        />
      )}
    </Menu>
  );
}

function FilterForm({ fields, onAdd }: Properties) {
  const [field, setField] = useState(fields[0]);
  const [operator, setOperator] = useState<Operator>(() => (field ? operatorsOf(field)[0] : 'eq') ?? 'eq');
  if (!field) return null;

  function chooseField(name: string) {
    const chosen = fields.find((candidate) => candidate.field === name);
    setField(chosen);
    if (chosen) setOperator(operatorsOf(chosen)[0] ?? 'eq');
  }

  function add(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!field) return;
    const typed = String(new FormData(event.currentTarget).get('value') ?? '');
    const value = field.kind === 'time' && typed ? new Date(typed).toISOString() : typed;
    onAdd(formatFilter({ field: field.field, operator, value }));
  }

  return (
    <form onSubmit={add} className="grid w-64 gap-3 p-2">
      <SelectField
        label={t('resource.filterField')}
        value={field.field}
        onChange={(event) => chooseField(event.target.value)}
        options={fields.map((candidate) => ({ value: candidate.field, label: candidate.label }))}
      />
      <SelectField
        label={t('resource.filterOperator')}
        value={operator}
        onChange={(event) => setOperator(event.target.value as Operator)}
        options={operatorsOf(field).map((known) => ({
          value: known,
          label: operatorLabel(field.kind, known),
        }))}
      />
      {takesValue(operator) && <ValueControl key={field.field} field={field} />}
      <Button type="submit" variant="primary">
        {t('action.apply')}
      </Button>
    </form>
  );
}

const inputTypes = { text: 'text', number: 'number', time: 'datetime-local' } as const;

function ValueControl({ field }: { field: FilterField }) {
  const choices = valueChoices(field);
  if (choices) return <SelectField label={t('resource.filterValue')} name="value" options={choices} />;
  const type = field.kind in inputTypes ? inputTypes[field.kind as keyof typeof inputTypes] : 'text';
  return (
    <Field label={t('resource.filterValue')}>
      {(control) => <input name="value" type={type} required className={controlLook} {...control} />}
    </Field>
  );
}
