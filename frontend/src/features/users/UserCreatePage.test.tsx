import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { askedFor, json, serve } from '@/testing/server';
import UserCreatePage from './UserCreatePage';

vi.mock('@tanstack/react-router', () => ({
  useNavigate: () => () => Promise.resolve(),
  useBlocker: () => ({ status: 'idle' }),
}));
vi.mock('@/access/useSession', () => ({ useCan: () => () => false }));

it('neither offers a password for a service account nor sends the one that was typed before', async () => {
  const asked = serve({ 'POST /api/v1/users': () => json({ id: '2', email: 'robot@example.com' }) });
  render(
    <QueryClientProvider client={new QueryClient()}>
      <UserCreatePage />
    </QueryClientProvider>,
  );
  await userEvent.type(screen.getByLabelText('Email'), 'robot@example.com');
  await userEvent.type(screen.getByLabelText(/^Password/), 'three old bridges over it');
  await userEvent.click(screen.getByLabelText(/^Service account/));
  expect(screen.queryByLabelText(/^Password/)).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Create' }));
  await vi.waitFor(() => expect(askedFor(asked, '/api/v1/users')).toHaveLength(1));
  expect(await askedFor(asked, '/api/v1/users')[0]?.json()).toEqual({
    kind: 'service',
    email: 'robot@example.com',
    active: true,
    roles: [],
  });
});
