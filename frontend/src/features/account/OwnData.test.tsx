import { render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { askedFor, serve } from '@/testing/server';

vi.stubGlobal(
  'BroadcastChannel',
  class {
    postMessage() {}
  },
);
const { sessionState } = await import('@/access/session');
const { OwnData } = await import('./OwnData');

it('forgets with a deleted account its session, which there is nothing left to ask the server about', async () => {
  history.replaceState(null, '', '/account');
  const asked = serve({ 'DELETE /api/v1/me': () => new Response(null, { status: 204 }) });
  render(<OwnData />);
  await userEvent.click(screen.getByRole('button', { name: 'Delete my account' }));
  const dialog = within(screen.getByRole('dialog'));
  await userEvent.click(dialog.getByRole('button', { name: 'Delete my account' }));
  await vi.waitFor(() => expect(sessionState()).toEqual({ status: 'signed_out', why: 'deleted' }));
  expect(askedFor(asked, '/api/v1/auth/logout')).toHaveLength(0);
  expect(location.pathname + location.search).toBe('/sign-in');
});
