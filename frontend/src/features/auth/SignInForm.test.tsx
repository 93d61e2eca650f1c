import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { json, serve } from '@/testing/server';
import ForgotPassword from './ForgotPassword';
import { SignInForm } from './SignInForm';
import { keepTyped } from './typedName';

vi.stubGlobal(
  'BroadcastChannel',
  class {
    postMessage() {}
  },
);
beforeEach(() => keepTyped(''));

it('tells who is turned away after too many attempts when to try again, and keeps the name that they typed', async () => {
  const onAnswer = vi.fn();
  serve({
    'POST /api/v1/auth/login': () =>
      Response.json(
        { status: 429, code: 'too_many_attempts', title: 'Too many attempts', detail: 'Too many attempts' },
        { status: 429, headers: { 'Retry-After': '119' } },
      ),
  });
  render(<SignInForm onAnswer={onAnswer} />);
  await userEvent.type(screen.getByLabelText('Email or username'), 'ann@example.com');
  await userEvent.type(screen.getByLabelText('Password'), 'not the password');
  await userEvent.click(screen.getByRole('button', { name: 'Sign in' }));

  const alert = await screen.findByRole('alert');
  expect(alert.textContent).toBe('Too many attempts. Try again in 2 minutes.');
  expect(document.activeElement).toBe(alert);
  expect(screen.getByLabelText<HTMLInputElement>('Email or username').value).toBe('ann@example.com');
  expect(onAnswer).not.toHaveBeenCalled();
});

it('offers the mail that confirms an address again where people register', async () => {
  serve({
    'GET /api/v1/config': () =>
      json({ sign_in_methods: ['password'], registration: { mode: 'approval' }, oidc_providers: [] }),
  });
  render(<SignInForm onAnswer={vi.fn()} />);
  const link = await screen.findByRole('link', { name: 'Haven’t got the mail that confirms your address?' });
  expect(link.getAttribute('href')).toBe('/resend-verification');
});

it('says when the time to wait is over, without another try', async () => {
  serve({
    'POST /api/v1/auth/login': () =>
      Response.json({ code: 'too_many_attempts' }, { status: 429, headers: { 'Retry-After': '1' } }),
  });
  render(<SignInForm onAnswer={vi.fn()} />);
  await userEvent.type(screen.getByLabelText('Email or username'), 'ann@example.com');
  await userEvent.type(screen.getByLabelText('Password'), 'not the password{Enter}');
  await screen.findByText('Too many attempts. Try again in 1 second.');
  await screen.findByText('You can try again now.');
});

it('begins at the first field that is empty', async () => {
  serve({});
  const { unmount } = render(<SignInForm onAnswer={vi.fn()} />);
  const identifier = screen.getByLabelText('Email or username');
  await vi.waitFor(() => expect(document.activeElement).toBe(identifier));
  await userEvent.type(identifier, 'ann@example.com');
  unmount();
  render(<SignInForm onAnswer={vi.fn()} />);
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Password')));
});

for (const [typed, carried] of [
  ['ann@example.com', 'ann@example.com'],
  ['ann', ''],
] as const) {
  it(`hands an address on to where a link is asked for, and nothing else (${typed})`, async () => {
    serve({});
    const { unmount } = render(<SignInForm onAnswer={vi.fn()} />);
    await userEvent.type(screen.getByLabelText('Email or username'), typed);
    unmount();
    render(<ForgotPassword />);
    expect(screen.getByLabelText<HTMLInputElement>('Email').value).toBe(carried);
  });
}
