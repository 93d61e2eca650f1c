import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createMemoryHistory, createRootRoute, createRouter, RouterProvider } from '@tanstack/react-router';
import { fireEvent, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Users } from 'lucide-react';
import { expect, it, vi } from 'vitest';
import type { ListQuery, Page } from '@/api/types';
import type { ListDescriptor } from './descriptor';
import { ResourceList } from './ResourceList';

interface Person {
  id: string;
  name: string;
}

const people: Person[] = Array.from({ length: 60 }, (_, number) => ({
  id: `${number}`,
  name: `Person ${number}`,
}));

function pageOf({ limit = 25, cursor, page = 1 }: ListQuery): Page<Person> {
  const start = cursor ? Number(cursor) : (page - 1) * limit;
  const end = start + limit;
  return {
    items: people.slice(start, end),
    total: people.length,
    total_is_estimate: false,
    next_cursor: end < people.length ? String(end) : null,
  };
}

function show(address = '/') {
  const fetchPage = vi.fn((query: ListQuery) => Promise.resolve(pageOf(query)));
  const descriptor: ListDescriptor<Person> = {
    name: 'people',
    icon: Users,
    title: 'People',
    empty: 'Nobody.',
    searchHint: 'Name',
    columns: [{ id: 'name', label: 'Name', sort: 'name', render: ({ name }) => name }],
    filters: [{ field: 'name', label: 'Name', kind: 'text' }],
    keyOf: ({ id }) => id,
    labelOf: ({ name }) => name,
    fetchPage,
  };
  const root = createRootRoute({
    component: () => (
      <ResourceList descriptor={descriptor} bulk={(keys) => <p>{`Chosen: ${keys.join()}`}</p>} />
    ),
  });
  const history = createMemoryHistory({ initialEntries: [address] });
  const router = createRouter({ routeTree: root, history });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <RouterProvider router={router} />
    </QueryClientProvider>,
  );
  return { fetchPage, history, asked: () => fetchPage.mock.lastCall?.[0] };
}

it('walks on by the cursor that came with the page before', async () => {
  const { asked } = show();
  await screen.findByText('Person 0');
  await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
  await screen.findByText('Person 25');
  expect(asked()).toEqual({ limit: 25, cursor: '25' });
  expect(screen.getByText('26–50 of 60')).toBeTruthy();
});

it('opens a link into the middle by the number of its page', async () => {
  const { asked } = show('/?page=3');
  await screen.findByText('Person 59');
  expect(asked()).toEqual({ limit: 25, page: 3 });
});

it('sorts through the address, and begins at the first page again', async () => {
  const { asked, history } = show('/?page=2');
  await screen.findByText('Person 25');
  await userEvent.click(screen.getByRole('button', { name: 'Name' }));
  await waitFor(() => expect(asked()).toEqual({ limit: 25, sort: 'name' }));
  expect(history.location.search).toBe('?sort=name');
});

it('searches when the typing pauses, not at every letter', async () => {
  const { fetchPage } = show();
  await screen.findByText('Person 0');
  // All letters within one turn: typed in real time, they can lie apart by more than the pause on a busy machine.
  for (const value of ['a', 'an', 'ann'])
    fireEvent.change(screen.getByRole('searchbox'), { target: { value } });
  await waitFor(() => expect(fetchPage.mock.lastCall?.[0]).toEqual({ limit: 25, q: 'ann' }));
  expect(fetchPage).toHaveBeenCalledTimes(2);
});

it('acts on what is ticked, and never on what is out of sight', async () => {
  show();
  await screen.findByText('Person 0');
  await userEvent.click(screen.getByRole('checkbox', { name: 'Select Person 3' }));
  expect(screen.getByText('Chosen: 3')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Next page' }));
  await screen.findByText('Person 25');
  expect(screen.queryByText(/Chosen/)).toBeNull();
});

it('leads back from a page beyond the last, instead of saying that there is nothing', async () => {
  show('/?page=9');
  await screen.findByText(/nothing on this page/);
  await userEvent.click(screen.getByRole('button', { name: 'First page' }));
  await screen.findByText('Person 0');
});
