import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { Problem } from '@/api/problem';
import type { FormField } from './FormFields';
import { ResourceForm } from './ResourceForm';

type Values = { email: string; name: string };
const fields: FormField<Values>[] = [
  { name: 'email', label: 'Email', kind: 'email', required: true },
  { name: 'name', label: 'Name', kind: 'text' },
];

function show(onSubmit: (values: Values) => Promise<unknown>, onReload?: () => void) {
  const initial = { email: 'ann@example.com', name: '' };
  render(
    <ResourceForm fields={fields} initial={initial} submit="Save" onSubmit={onSubmit} onReload={onReload} />,
  );
  return userEvent.click(screen.getByRole('button', { name: 'Save' }));
}

const invalid = new Problem(422, {
  code: 'validation_failed',
  errors: [{ field: 'name', code: 'name_odd', message: 'Odd name.' }],
});

it('hands over what was typed', async () => {
  const onSubmit = vi.fn().mockResolvedValue(undefined);
  await show(onSubmit);
  expect(onSubmit).toHaveBeenCalledWith({ email: 'ann@example.com', name: '' });
});

it('puts a field’s error beside it, in a summary above, and the focus on it', async () => {
  await show(() => Promise.reject(invalid));
  const name = screen.getByLabelText(/Name/);
  expect(name.getAttribute('aria-invalid')).toBe('true');
  expect(document.activeElement).toBe(name);
  const described = document.getElementById(name.getAttribute('aria-describedby') ?? '');
  expect(described?.textContent).toBe('Odd name.');
  expect(screen.getByRole('alert').textContent).toContain('Name: Odd name.');
});

it('says in our words what a known code means, and focuses the summary where no field is to blame', async () => {
  await show(() => Promise.reject(new Problem(409, { code: 'last_admin', detail: 'the server’s words' })));
  const summary = screen.getByRole('alert');
  expect(summary.textContent).toContain('last active administrator');
  expect(document.activeElement).toBe(summary);
});

it('lets what was typed stand when somebody else saved meanwhile, and offers the newest', async () => {
  const onReload = vi.fn();
  await show(() => Promise.reject(new Problem(412, { code: 'precondition_failed' })), onReload);
  expect(screen.getByRole('alert').textContent).toContain('Changed meanwhile');
  await userEvent.click(screen.getByRole('button', { name: 'Reload' }));
  expect(onReload).toHaveBeenCalledOnce();
});
