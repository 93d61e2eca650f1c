import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ComponentType } from 'react';
import { beforeEach, expect, it, vi } from 'vitest';
import { json, problem, type Responder, serve } from '@/testing/server';

vi.stubGlobal(
  'BroadcastChannel',
  class {
    postMessage() {}
  },
);

const password = 'three old bridges over it';
const me = { id: '1', email: 'ann@example.com', permissions: [] };

beforeEach(() => history.replaceState(null, '', '/?token=t'));

async function use(load: () => Promise<{ default: ComponentType }>, path: string, answer: Responder) {
  serve({ [`POST /api/v1/auth/${path}`]: answer, 'GET /api/v1/me': () => json(me) });
  const { default: Screen } = await load();
  render(<Screen />);
  for (const label of ['Email', 'Password', 'New password']) {
    const field = screen.queryByLabelText(label);
    if (field) await userEvent.type(field, label === 'Email' ? 'ann@example.com' : password);
  }
  const submit = screen.getAllByRole<HTMLButtonElement>('button').filter(({ type }) => type === 'submit');
  await Promise.all(submit.map((button) => userEvent.click(button)));
}

const linksShown = () =>
  screen.getAllByRole('link').map((link) => [link.textContent, link.getAttribute('href')]);
const toSignIn = ['Back to sign-in', '/sign-in'];
const anotherAt = (path: string) => ['Send me another link', path];

for (const [name, load, path, links] of [
  [
    'verification',
    () => import('./VerifyEmail'),
    'email/verify',
    [anotherAt('/resend-verification'), toSignIn],
  ],
  ['new address', () => import('./ConfirmEmail'), 'email/change/confirm', [toSignIn]],
  [
    'invitation',
    () => import('./Invitation'),
    'invitation/accept',
    [anotherAt('/forgot-password'), toSignIn],
  ],
  [
    'new password',
    () => import('./ResetPassword'),
    'password/reset',
    [anotherAt('/forgot-password'), toSignIn],
  ],
  ['sign-in', () => import('./MagicLink'), 'magic-link/redeem', [anotherAt('/ask-for-link'), toSignIn]],
  ['set-up', () => import('./Setup'), 'setup', [toSignIn]],
] as const) {
  it(`leads on from a link that is good no more, without a form that can’t help (${name})`, async () => {
    await use(load, path, () => problem(400, 'invalid_token'));
    const title = await screen.findByRole('heading', { name: 'This link is no longer good' });
    expect(document.activeElement).toBe(title);
    expect(screen.queryByRole('button')).toBeNull();
    expect(linksShown()).toEqual(links);
  });
}

it('leads to the password whom a link by mail is not enough for', async () => {
  await use(
    () => import('./MagicLink'),
    'magic-link/redeem',
    () => problem(403, 'second_factor_unavailable'),
  );
  await screen.findByText(/Sign in with your password/);
  expect(screen.queryByRole('button')).toBeNull();
  expect(linksShown()).toEqual([toSignIn]);
});

it('leads whoever is signed in on to their account after a new address', async () => {
  const session = await import('@/access/session');
  serve({ 'GET /api/v1/me': () => json(me) });
  await session.enter({ access_token: 'token' });
  await use(
    () => import('./ConfirmEmail'),
    'email/change/confirm',
    () => new Response(null, { status: 204 }),
  );
  await screen.findByRole('heading', { name: 'Your address is changed' });
  expect(linksShown()).toEqual([['Go on to your account', '/account']]);
});
