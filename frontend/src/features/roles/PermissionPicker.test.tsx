import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it } from 'vitest';
import { json, serve } from '@/testing/server';
import { PermissionPicker } from './PermissionPicker';

async function show(initial: readonly string[] = []) {
  const items = ['users:read', 'users:write'].map((name) => ({ name, description: '' }));
  serve({ 'GET /api/v1/permissions': () => json({ items }) });
  let value = initial;
  function Form() {
    const [permissions, setPermissions] = useState(initial);
    value = permissions;
    return (
      <PermissionPicker label="Permissions" value={permissions} error={undefined} onChange={setPermissions} />
    );
  }
  render(
    <QueryClientProvider client={new QueryClient()}>
      <Form />
    </QueryClientProvider>,
  );
  const pattern = await screen.findByLabelText('Another permission or pattern');
  return { pattern, value: () => value };
}

it('takes what was typed and not added: who saves with it in the field means it', async () => {
  const { pattern, value } = await show(['users:read']);
  await userEvent.type(pattern, 'data:app.*:read ');
  expect(value()).toEqual(['users:read', 'data:app.*:read']);
  expect(screen.queryByRole('button', { name: /^Remove/ })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Add' }));
  expect(value()).toEqual(['users:read', 'data:app.*:read']);
  expect(screen.getByRole('button', { name: 'Remove data:app.*:read' })).toBeTruthy();
});

it('leaves what was ticked as it is, whatever is typed on the way and taken back', async () => {
  const { pattern, value } = await show(['users:read']);
  await userEvent.type(pattern, 'users:read');
  await userEvent.click(screen.getByRole('checkbox', { name: /^users:write/ }));
  await userEvent.clear(pattern);
  expect(value()).toEqual(['users:read', 'users:write']);
});
