import { createBrowserHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { Problem } from '@/api/problem';
import type { FormField } from './FormFields';
import { ResourceForm } from './ResourceForm';

type Values = { email: string; name: string };
const fields: FormField<Values>[] = [
  { name: 'email', label: 'Email', kind: 'email', required: true },
  { name: 'name', label: 'Name', kind: 'text' },
];

async function open(onSubmit: (values: Values) => Promise<unknown>, onReload?: () => void) {
  const initial = { email: 'ann@example.com', name: '' };
  const root = createRootRoute({
    component: () => (
      <ResourceForm fields={fields} initial={initial} submit="Save" onSubmit={onSubmit} onReload={onReload} />
    ),
    notFoundComponent: () => null,
  });
  const history = createBrowserHistory();
  history.push('/');
  render(<RouterProvider router={createRouter({ routeTree: root, history })} />);
  await screen.findByRole('button', { name: 'Save' });
  return history;
}

const save = () => userEvent.click(screen.getByRole('button', { name: 'Save' }));

async function show(onSubmit: (values: Values) => Promise<unknown>, onReload?: () => void) {
  await open(onSubmit, onReload);
  await save();
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

describe('what was changed and not saved', () => {
  const question = { name: 'Leave without saving?' };
  const choose = (name: string) => userEvent.click(screen.getByRole('button', { name }));
  const change = () => userEvent.type(screen.getByLabelText(/Name/), 'Ann');
  const isKeptFromUnloading = () => !window.dispatchEvent(new Event('beforeunload', { cancelable: true }));

  it('is left only after a question', async () => {
    const history = await open(vi.fn());
    await change();
    expect(isKeptFromUnloading()).toBe(true);
    history.push('/elsewhere');
    await screen.findByRole('dialog', question);
    await choose('Stay');
    expect(history.location.pathname).toBe('/');
    expect(screen.getByLabelText<HTMLInputElement>(/Name/).value).toBe('Ann');
    history.push('/elsewhere');
    await screen.findByRole('dialog', question);
    await choose('Leave');
    await waitFor(() => expect(history.location.pathname).toBe('/elsewhere'));
  });

  it('is no matter while there is none, or none any more', async () => {
    const history = await open(() => Promise.resolve());
    expect(isKeptFromUnloading()).toBe(false);
    await change();
    await userEvent.clear(screen.getByLabelText(/Name/));
    history.push('/elsewhere');
    await waitFor(() => expect(history.location.pathname).toBe('/elsewhere'));
  });

  it('is none once it is saved', async () => {
    const history = await open(() => Promise.resolve());
    await change();
    await save();
    history.push('/elsewhere');
    await waitFor(() => expect(history.location.pathname).toBe('/elsewhere'));
  });

  it('does not stand in the way of where saving leads', async () => {
    const history = await open(async () => {
      await new Promise((resolve) => setTimeout(resolve));
      history.push('/saved');
    });
    await change();
    await save();
    await waitFor(() => expect(history.location.pathname).toBe('/saved'));
  });

  it('is still there when saving was refused', async () => {
    const history = await open(() => Promise.reject(invalid));
    await change();
    await save();
    history.push('/elsewhere');
    await screen.findByRole('dialog', question);
  });
});
