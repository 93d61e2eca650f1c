import type { ReactNode } from 'react';
import { Checkbox } from '@/ui/Checkbox';
import { controlLook, Field } from '@/ui/Field';
import { TextField } from '@/ui/TextField';
import type { FieldValue, FormValues } from './changedFields';
import { NewPasswordField } from './NewPasswordField';

interface FieldBase<Values> {
  name: keyof Values & string;
  label: string;
  help?: string;
  required?: boolean;
  autoComplete?: string;
}

export type FormField<Values> = FieldBase<Values> &
  (
    | { kind: 'text' | 'email' | 'newPassword' | 'multiline' | 'boolean' }
    | { kind: 'list'; render: (control: ListControl) => ReactNode }
  );

export interface ListControl {
  label: string;
  value: readonly string[];
  error: string | undefined;
  onChange: (value: readonly string[]) => void;
}

interface Properties<Values> {
  fields: readonly FormField<Values>[];
  values: Values;
  errorOf: (field: string) => string | undefined;
  onChange: (name: keyof Values & string, value: FieldValue) => void;
}

export function FormFields<Values extends FormValues>({
  fields,
  values,
  errorOf,
  onChange,
}: Properties<Values>) {
  return fields.map((field) => (
    <FormControl
      key={field.name}
      field={field}
      value={values[field.name]}
      error={errorOf(field.name)}
      onChange={(value) => onChange(field.name, value)}
    />
  ));
}

interface FormControlProperties<Values> {
  field: FormField<Values>;
  value: FieldValue | undefined;
  error: string | undefined;
  onChange: (value: FieldValue) => void;
}

function FormControl<Values>({ field, value, error, onChange }: FormControlProperties<Values>) {
  const { name, label, help, required, autoComplete = 'off' } = field;
  if (field.kind === 'list') {
    return field.render({ label, value: Array.isArray(value) ? value : [], error, onChange });
  }
  if (field.kind === 'boolean') {
    return (
      <Checkbox
        name={name}
        label={label}
        help={help}
        checked={value === true}
        onChange={(event) => onChange(event.target.checked)}
      />
    );
  }
  const shared = { label, help, error, optional: !required };
  const input = {
    name,
    required,
    autoComplete,
    value: String(value ?? ''),
    onChange: (event: { target: { value: string } }) => onChange(event.target.value),
  };
  switch (field.kind) {
    case 'newPassword':
      return <NewPasswordField {...shared} {...input} />;
    case 'multiline':
      return (
        <Field {...shared}>
          {(control) => (
            <textarea
              rows={3}
              {...input}
              {...control}
              className={`${controlLook} h-auto py-2 touch:h-auto`}
            />
          )}
        </Field>
      );
    default:
      return <TextField {...shared} {...input} type={field.kind} />;
  }
}
