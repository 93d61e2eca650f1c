import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { json, serve } from '@/testing/server';
import { SignInForm } from './SignInForm';

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
