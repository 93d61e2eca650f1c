import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { askedFor, json, problem, serve } from '@/testing/server';
import SignIn from './SignIn';
import { keepTyped } from './typedName';

vi.stubGlobal(
  'BroadcastChannel',
  class {
    postMessage() {}
  },
);

beforeEach(() => keepTyped(''));

const challenge = { status: 'mfa_required', challenge: 'c', methods: ['totp', 'recovery_code'] };

async function comeToTheSecondStep(prove: () => Response) {
  const asked = serve({
    'POST /api/v1/auth/login': () => json(challenge),
    'POST /api/v1/auth/mfa': prove,
  });
  render(<SignIn />);
  await userEvent.type(screen.getByLabelText('Email or username'), 'ann');
  await userEvent.type(screen.getByLabelText('Password'), 'three old bridges');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  await userEvent.type(await screen.findByLabelText('Code of the authenticator app'), '123456{Enter}');
  return asked;
}

it('says at the field that a code is wrong, and takes another', async () => {
  const asked = await comeToTheSecondStep(() => problem(401, 'invalid_credentials'));
  await screen.findAllByText(/This code is wrong/);
  const field = screen.getByLabelText('Code of the authenticator app');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(document.activeElement).toBe(field);
  await userEvent.click(screen.getByRole('button', { name: 'Use a recovery code' }));
  await userEvent.type(screen.getByLabelText('Recovery code'), '3AB1-Z0XY-9K2M');
  await userEvent.click(screen.getByLabelText(/Don’t ask on this browser/));
  await userEvent.click(screen.getByRole('button', { name: 'Go on' }));
  await screen.findAllByText(/This code is wrong/);
  const bodies = await Promise.all(askedFor(asked, '/api/v1/auth/mfa').map((request) => request.json()));
  expect(bodies).toEqual([
    { challenge: 'c', method: 'totp', code: '123456', trust_device: false, refresh: 'cookie' },
    {
      challenge: 'c',
      method: 'recovery_code',
      code: '3AB1-Z0XY-9K2M',
      trust_device: true,
      refresh: 'cookie',
    },
  ]);
});

it('asks for what the browser can do where it knows no passkeys', async () => {
  serve({
    'GET /api/v1/config': () =>
      json({ sign_in_methods: ['password', 'passkey'], registration: { mode: 'invite' } }),
    'POST /api/v1/auth/login': () => json({ ...challenge, methods: ['passkey', 'email_code'] }),
  });
  render(<SignIn />);
  await userEvent.type(screen.getByLabelText('Email or username'), 'ann');
  await userEvent.type(screen.getByLabelText('Password'), 'three old bridges');
  expect(screen.queryByRole('button', { name: 'Sign in with a passkey' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));
  await screen.findByRole('button', { name: 'Send me a code' });
  expect(screen.queryByRole('button', { name: 'Use a passkey' })).toBeNull();
});

it('says when to try again after too many wrong codes', async () => {
  await comeToTheSecondStep(() =>
    Response.json({ code: 'too_many_attempts' }, { status: 429, headers: { 'Retry-After': '60' } }),
  );
  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toBe('Too many attempts. Try again in 1 minute.');
  expect(document.activeElement).toBe(alert);
});

it('begins anew, and says why, when the challenge is good no more', async () => {
  await comeToTheSecondStep(() => problem(400, 'invalid_token'));
  await screen.findByText(/That took too long/);
  expect(screen.getByLabelText('Email or username')).toBeTruthy();
});

it('goes on to the password that has to be changed, and from there back when that took too long', async () => {
  await comeToTheSecondStep(() => json({ status: 'password_change_required', challenge: 'd' }));
  await userEvent.type(await screen.findByLabelText('New password'), 'another horse, another battery');
  const asked = serve({
    'POST /api/v1/auth/password/change-required': () => problem(400, 'invalid_token'),
  });
  await userEvent.click(screen.getByRole('button', { name: 'Set password and sign in' }));
  await screen.findByText(/That took too long/);
  const [request] = askedFor(asked, '/api/v1/auth/password/change-required');
  expect(await request?.json()).toMatchObject({ challenge: 'd' });
});

it('says why one is here after a session was lost', async () => {
  const session = await import('@/access/session');
  serve({ 'POST /api/v1/auth/refresh': () => problem(401, 'invalid_refresh_token') });
  localStorage.setItem('reeve.signed-in', '1');
  await session.startSession();
  render(<SignIn />);
  expect(screen.getByRole('alert').textContent).toBe('Your session has ended. Sign in to go on.');
});
