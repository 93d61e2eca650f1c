import { beforeEach, describe, expect, it, vi } from 'vitest';
import { askedFor, json, problem, serve } from '@/testing/server';

const me = { id: '1', email: 'ann@example.com', permissions: ['users:read'] };
const signedIn = {
  status: 'ok' as const,
  access_token: 'token',
  token_type: 'Bearer',
  expires_in: 600,
  user: me,
};

async function freshSession() {
  vi.resetModules();
  return import('./session');
}

beforeEach(() => {
  localStorage.clear();
  // The modules of earlier tests would still be listening.
  vi.stubGlobal(
    'BroadcastChannel',
    class {
      postMessage() {}
    },
  );
});

describe('the start', () => {
  it('asks nothing on a stranger’s first visit', async () => {
    const asked = serve({});
    const session = await freshSession();
    await session.startSession();
    expect(session.sessionState().status).toBe('signed_out');
    expect(asked).toHaveLength(0);
  });

  it('takes up an earlier session', async () => {
    localStorage.setItem('reeve.signed-in', '1');
    serve({ 'POST /api/v1/auth/refresh': () => json(signedIn), 'GET /api/v1/me': () => json(me) });
    const session = await freshSession();
    await session.startSession();
    expect(session.sessionState()).toEqual({ status: 'signed_in', me });
  });

  it('is signed out where the server says so, and only there', async () => {
    localStorage.setItem('reeve.signed-in', '1');
    serve({ 'POST /api/v1/auth/refresh': () => problem(503, 'unavailable') });
    const session = await freshSession();
    await session.startSession();
    expect(session.sessionState().status).toBe('unavailable');

    serve({ 'POST /api/v1/auth/refresh': () => problem(401, 'invalid_refresh_token') });
    await session.startSession();
    expect(session.sessionState().status).toBe('signed_out');
  });
});

it('keeps no credential where a script could read it later', async () => {
  serve({ 'GET /api/v1/me': () => json(me) });
  const session = await freshSession();
  await session.enter(signedIn);
  expect(JSON.stringify({ ...localStorage, ...sessionStorage, cookie: document.cookie })).not.toContain(
    'token',
  );
});

it('ends here even when the server can’t be told', async () => {
  const asked = serve({
    'GET /api/v1/me': () => json(me),
    'POST /api/v1/auth/logout': () => problem(503, 'unavailable'),
  });
  const session = await freshSession();
  await session.enter(signedIn);
  await session.signOut();
  expect(session.sessionState().status).toBe('signed_out');
  expect(askedFor(asked, '/api/v1/auth/logout')).toHaveLength(1);
});
