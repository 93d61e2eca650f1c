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
  sessionStorage.clear();
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
    expect(session.sessionState()).toEqual({ status: 'signed_out', why: 'lost' });
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
  expect(session.sessionState()).toEqual({ status: 'signed_out' });
  expect(askedFor(asked, '/api/v1/auth/logout')).toHaveLength(1);
});

it('knows of a session that was ended elsewhere that it was lost', async () => {
  serve({ 'GET /api/v1/me': () => json(me) });
  const session = await freshSession();
  await session.enter(signedIn);
  serve({
    'GET /api/v1/me': () => problem(401, 'unauthenticated'),
    'POST /api/v1/auth/refresh': () => problem(401, 'invalid_refresh_token'),
  });
  session.refreshMe();
  await vi.waitFor(() => expect(session.sessionState()).toEqual({ status: 'signed_out', why: 'lost' }));
});

it('ends with the account without a word to the server, which has ended it already', async () => {
  const asked = serve({ 'GET /api/v1/me': () => json(me) });
  const session = await freshSession();
  await session.enter(signedIn);
  session.endWithAccount();
  expect(session.sessionState()).toEqual({ status: 'signed_out', why: 'deleted' });
  expect(askedFor(asked, '/api/v1/auth/logout')).toHaveLength(0);
});

describe('acting in somebody’s name', () => {
  const helper = { ...me, permissions: ['users:impersonate'] };
  const ben = {
    id: '2',
    email: 'ben@example.com',
    permissions: [],
    impersonator: { id: '1', email: me.email },
  };
  const grant = { access_token: 'acting', expires_in: 1800 };
  const endOfActing = (how: string) => ({ how, userId: ben.id });
  const whoAsks = (request: Request) =>
    json(request.headers.get('Authorization') === 'Bearer acting' ? ben : helper);

  async function acting(responders: Parameters<typeof serve>[0] = {}) {
    const asked = serve({
      'GET /api/v1/me': whoAsks,
      'POST /api/v1/auth/logout': () => new Response(null, { status: 204 }),
      'POST /api/v1/auth/refresh': () => json(signedIn),
      ...responders,
    });
    const session = await freshSession();
    await session.enter(signedIn);
    await session.actAs(ben.id, grant);
    return { asked, session };
  }

  it('shows whom, by whom and until when', async () => {
    const { session } = await acting();
    const state = session.sessionState();
    expect(state).toMatchObject({ status: 'signed_in', me: ben });
    expect('actingUntil' in state && state.actingUntil).toBeGreaterThan(Date.now() + 1_700_000);
  });

  it('drops what the screens knew before anything is asked in the other name', async () => {
    serve({ 'GET /api/v1/me': whoAsks });
    const session = await freshSession();
    await session.enter(signedIn);
    const seen: string[] = [];
    session.onSessionChange(() => seen.push(session.sessionState().status));
    await session.actAs(ben.id, grant);
    expect(seen).toEqual(['starting', 'signed_in']);
  });

  it('ends with a word to the server, and one is oneself again without signing in', async () => {
    const { asked, session } = await acting();
    await session.stopActing();
    const [logout] = askedFor(asked, '/api/v1/auth/logout');
    expect(logout?.headers.get('Authorization')).toBe('Bearer acting');
    // The cookie is the one of the session that goes on.
    expect(logout?.credentials).toBe('omit');
    const state = session.sessionState();
    expect(state).toEqual({ status: 'signed_in', me: helper, endOfActing: endOfActing('stopped') });
  });

  it('sends the server no word when the time is over: an expired token would end one’s own session', async () => {
    const { asked, session } = await acting();
    vi.useFakeTimers({ now: Date.now() + grant.expires_in * 1000, toFake: ['Date'] });
    await session.stopActing().finally(() => vi.useRealTimers());
    expect(askedFor(asked, '/api/v1/auth/logout')).toHaveLength(0);
    const state = session.sessionState();
    expect(state).toEqual({ status: 'signed_in', me: helper, endOfActing: endOfActing('time_over') });
  });

  it('tells after a reload that one is oneself again, and once', async () => {
    await acting();
    const session = await freshSession();
    await session.startSession();
    const state = session.sessionState();
    expect(state).toEqual({ status: 'signed_in', me: helper, endOfActing: endOfActing('reloaded') });
    await session.reloadMe();
    expect(session.sessionState()).toEqual({ status: 'signed_in', me: helper });
  });

  it('ends by itself when the server says so, and nothing is asked again as somebody else', async () => {
    const { asked, session } = await acting({
      'PATCH /api/v1/me': () => problem(401, 'unauthenticated'),
    });
    const { answer, api } = await import('@/api/client');
    await expect(answer(api.PATCH('/api/v1/me', { body: { display_name: 'Ben' } }))).rejects.toMatchObject({
      code: 'unauthenticated',
    });
    await vi.waitFor(() =>
      expect(session.sessionState()).toEqual({
        status: 'signed_in',
        me: helper,
        endOfActing: endOfActing('ended'),
      }),
    );
    expect(asked.filter(({ method }) => method === 'PATCH')).toHaveLength(1);
  });

  it('is not undone by a renewal that was under way when it began', async () => {
    const { session } = await acting();
    await session.stopActing();
    const credentials = await import('@/api/credentials');
    const renewal = credentials.renew();
    credentials.changeHands('acting', true);
    await renewal;
    expect(credentials.currentToken()).toBe('acting');
  });

  it('is over when the page is left', async () => {
    const { asked } = await acting();
    dispatchEvent(new Event('pagehide'));
    // Whatever earlier tests have left acting ends as well.
    expect(askedFor(asked, '/api/v1/auth/logout').length).toBeGreaterThan(0);
  });
});
