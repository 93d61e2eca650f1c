import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { json, serve } from '@/testing/server';
import Register from './Register';

vi.stubGlobal(
  'BroadcastChannel',
  class {
    postMessage() {}
  },
);

it('tells who waits for approval of the mail that may come first, and how to have it once more', async () => {
  serve({
    'GET /api/v1/config': () => json({ registration: { mode: 'approval' } }),
    'POST /api/v1/auth/register': () => json({ status: 'pending_approval' }, { status: 202 }),
  });
  render(<Register />);
  await userEvent.type(await screen.findByLabelText('Email'), 'ann@example.com');
  await userEvent.type(screen.getByLabelText('Password'), 'three old bridges over it');
  await userEvent.click(screen.getByRole('button', { name: 'Create account' }));
  await screen.findByText(/If a mail reaches ann@example.com, open the link in it/);
  const again = screen.getByRole('link', { name: 'No mail? Send it again.' });
  expect(again.getAttribute('href')).toBe('/resend-verification');
});
