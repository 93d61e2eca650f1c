import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it, vi } from 'vitest';
import { answer, api } from '@/api/client';
import { keepToken } from '@/api/credentials';
import { askedFor, json, problem, serve } from '@/testing/server';

vi.hoisted(() =>
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      postMessage() {}
    },
  ),
);
let hasAuthenticator = false;
vi.mock('@/access/useSession', () => ({
  useMe: () => ({ mfa_enabled: hasAuthenticator, email: 'ann@example.com' }),
}));

const { ReauthenticationDialog } = await import('./ReauthenticationDialog');

const isFresh = (request: Request) => request.headers.get('Authorization') === 'Bearer fresh';
const guarded = (request: Request) =>
  isFresh(request) ? new Response(null, { status: 204 }) : problem(401, 'reauthentication_required');

beforeEach(() => {
  keepToken('old');
  hasAuthenticator = false;
});

function show(prove: () => Response) {
  const asked = serve({
    'DELETE /api/v1/users/7': guarded,
    'DELETE /api/v1/me/sessions': guarded,
    'POST /api/v1/auth/reauthenticate': prove,
  });
  render(<ReauthenticationDialog />);
  return asked;
}

/** Any request at all: none of them knows of the dialog. */
async function begin() {
  const outcomes = [
    answer(api.DELETE('/api/v1/users/{id}', { params: { path: { id: '7' } } })),
    answer(api.DELETE('/api/v1/me/sessions')),
  ].map((call) =>
    call.then(
      () => 'done',
      (error: { code: string }) => error.code,
    ),
  );
  await screen.findByRole('dialog');
  return Promise.all.bind(Promise, outcomes);
}

it('asks once for all that waits, tells a wrong password at the field, and lets all go on after the right one', async () => {
  const answers = [
    () => problem(401, 'invalid_credentials'),
    () => json({ status: 'ok', access_token: 'fresh', user: { id: '1' } }),
  ];
  const asked = show(() => answers.shift()?.() ?? problem(500, 'internal'));
  const outcomes = await begin();
  await userEvent.type(screen.getByLabelText('Password'), 'wrong{Enter}');
  await screen.findAllByText(/This is not your/);
  expect(document.activeElement).toBe(screen.getByLabelText('Password'));
  await userEvent.type(screen.getByLabelText('Password'), 'right{Enter}');
  expect(await outcomes()).toEqual(['done', 'done']);
  expect(askedFor(asked, '/api/v1/auth/reauthenticate')).toHaveLength(2);
  expect(screen.queryByRole('dialog')).toBeNull();
});

it('takes a code of those who have an authenticator, and of nobody else', async () => {
  hasAuthenticator = true;
  const asked = show(() => json({ status: 'ok', access_token: 'fresh', user: { id: '1' } }));
  const outcomes = await begin();
  await userEvent.click(screen.getByRole('button', { name: 'Use a code of the authenticator app' }));
  await userEvent.type(screen.getByLabelText('Code of the authenticator app'), '123456{Enter}');
  expect(await outcomes()).toEqual(['done', 'done']);
  const [request] = askedFor(asked, '/api/v1/auth/reauthenticate');
  expect(await request?.json()).toEqual({ method: 'totp', code: '123456' });
});

it('takes no password where a second factor is wanted, also after a password that was not enough', async () => {
  hasAuthenticator = true;
  const proved = { status: 'ok', user: { id: '1' } };
  const asked = serve({
    'DELETE /api/v1/users/7': (request) =>
      request.headers.get('Authorization') === 'Bearer factor'
        ? new Response(null, { status: 204 })
        : Response.json(
            {
              code: 'reauthentication_required',
              ...(isFresh(request) && { required: 'second_factor' }),
            },
            { status: 401 },
          ),
    'DELETE /api/v1/me/sessions': () => new Response(null, { status: 204 }),
    'POST /api/v1/auth/reauthenticate': async (request) =>
      json({ ...proved, access_token: (await request.clone().json()).password ? 'fresh' : 'factor' }),
  });
  render(<ReauthenticationDialog />);
  const outcomes = await begin();
  await userEvent.type(screen.getByLabelText('Password'), 'right{Enter}');
  await screen.findByLabelText('Code of the authenticator app');
  expect(screen.queryByRole('button', { name: 'Use the password' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Use a recovery code' }));
  await userEvent.type(screen.getByLabelText('Recovery code'), 'abcde-fghij{Enter}');
  expect(await outcomes()).toEqual(['done', 'done']);
  const proofs = askedFor(asked, '/api/v1/auth/reauthenticate');
  expect(await proofs[1]?.json()).toEqual({ method: 'recovery_code', code: 'abcde-fghij' });
});

it('tells who has no password how to go on, and has a link mailed to them', async () => {
  const asked = serve({
    'DELETE /api/v1/users/7': guarded,
    'DELETE /api/v1/me/sessions': guarded,
    'GET /api/v1/me/mfa': () => json({ has_password: false, methods: [] }),
    'POST /api/v1/auth/password/forgot': () => new Response(null, { status: 202 }),
  });
  render(<ReauthenticationDialog />);
  const outcomes = await begin();
  await screen.findByText(/You have no password/);
  expect(screen.queryByLabelText('Password')).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Have a link mailed' }));
  expect(await outcomes()).toEqual(['reauthentication_required', 'reauthentication_required']);
  const [request] = askedFor(asked, '/api/v1/auth/password/forgot');
  expect(await request?.json()).toEqual({ email: 'ann@example.com' });
});

it('says when to try again, and leaves all undone when it is cancelled', async () => {
  show(() => Response.json({ code: 'too_many_attempts' }, { status: 429, headers: { 'Retry-After': '60' } }));
  const outcomes = await begin();
  expect(screen.queryByRole('button', { name: /Use a code/ })).toBeNull();
  await userEvent.type(screen.getByLabelText('Password'), 'wrong{Enter}');
  await screen.findByText('Too many attempts. Try again in 1 minute.');
  await act(() => userEvent.click(screen.getByRole('button', { name: 'Cancel' })));
  expect(await outcomes()).toEqual(['reauthentication_required', 'reauthentication_required']);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});
