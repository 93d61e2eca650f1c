import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { askedFor, json, serve } from '@/testing/server';
import { RoleSelect } from './RoleSelect';

let permissions: string[] = [];
vi.mock('@/access/useSession', () => ({ useCan: () => (wanted: string) => permissions.includes(wanted) }));

beforeEach(() => {
  permissions = ['roles:read'];
});

function show(total: number, without: string[] = []) {
  const names = Array.from({ length: total }, (_, number) => `role-${String(number).padStart(3, '0')}`);
  const asked = serve({
    'GET /api/v1/roles': ({ url }) => {
      const { searchParams } = new URL(url);
      const found = names.filter((name) => name.includes(searchParams.get('q') ?? ''));
      const items = found.slice(0, Number(searchParams.get('limit'))).map((name) => ({ name }));
      const next_cursor = found.length > items.length ? 'more' : null;
      return json({ items, total: found.length, total_is_estimate: false, next_cursor });
    },
  });
  const onChange = vi.fn();
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RoleSelect value="" onChange={onChange} without={without} />
    </QueryClientProvider>,
  );
  return {
    asked: () => askedFor(asked, '/api/v1/roles').length,
    onChange,
    input: screen.getByRole('combobox'),
  };
}

it('finds one of more roles than a page holds by asking the server', async () => {
  const { input, onChange } = show(300);
  await userEvent.click(input);
  await screen.findByRole('option', { name: 'role-000' });
  expect(screen.queryByRole('option', { name: 'role-299' })).toBeNull();
  expect(screen.getByText(/There are more/)).toBeTruthy();
  await userEvent.type(input, '299');
  await userEvent.click(await screen.findByRole('option', { name: 'role-299' }));
  expect(onChange).toHaveBeenCalledExactlyOnceWith('role-299');
});

it('asks once where there are few, and offers none that is held already', async () => {
  const { input, asked } = show(3, ['role-001']);
  await userEvent.click(input);
  await screen.findByRole('option', { name: 'role-000' });
  await userEvent.type(input, 'role-002');
  await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(1));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(asked()).toBe(1);
  await userEvent.clear(input);
  expect(screen.queryByRole('option', { name: 'role-001' })).toBeNull();
});

it('asks nothing for whoever may not read the roles, who can write one', async () => {
  permissions = [];
  const { input, asked, onChange } = show(3);
  await userEvent.type(input, 'role-001{Enter}');
  expect(onChange).toHaveBeenCalledExactlyOnceWith('role-001');
  expect(asked()).toBe(0);
});
