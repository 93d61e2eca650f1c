import { beforeEach, describe, expect, it, vi } from 'vitest';
import { askedFor, json, problem, serve } from '@/testing/server';
import { answer, api, handle } from './client';
import { currentToken, keepToken } from './credentials';
import { Problem } from './problem';

const refresh = 'POST /api/v1/auth/refresh';
const renewed = () =>
  json({ status: 'ok', access_token: 'new', token_type: 'Bearer', expires_in: 600, user: { id: '1' } });
const tokenOf = (request: Request) => request.headers.get('Authorization');
const forNewTokens = (request: Request) =>
  tokenOf(request) === 'Bearer new' ? json({ id: '1' }) : problem(401, 'unauthenticated');

const onSessionLost = vi.fn();
const onReauthenticationRequired = vi.fn<() => Promise<boolean>>();

beforeEach(() => {
  keepToken('old');
  onSessionLost.mockReset();
  onReauthenticationRequired.mockReset();
  handle({ onSessionLost, onReauthenticationRequired });
});

describe('a request whose token has expired', () => {
  it('is sent again with a new one, and nobody notices', async () => {
    serve({ 'GET /api/v1/me': forNewTokens, [refresh]: renewed });
    await expect(answer(api.GET('/api/v1/me'))).resolves.toMatchObject({ id: '1' });
    expect(currentToken()).toBe('new');
    expect(onSessionLost).not.toHaveBeenCalled();
  });

  it('shares one renewal with all the others', async () => {
    const asked = serve({ 'GET /api/v1/me': forNewTokens, [refresh]: renewed });
    await Promise.all([1, 2, 3, 4].map(() => answer(api.GET('/api/v1/me'))));
    expect(askedFor(asked, '/api/v1/auth/refresh')).toHaveLength(1);
  });

  it('keeps its body on the second attempt', async () => {
    const bodies: string[] = [];
    serve({
      'PATCH /api/v1/me': async (request) => {
        bodies.push(await request.clone().text());
        return forNewTokens(request);
      },
      [refresh]: renewed,
    });
    await answer(api.PATCH('/api/v1/me', { body: { display_name: 'Ann' } }));
    expect(bodies).toEqual(['{"display_name":"Ann"}', '{"display_name":"Ann"}']);
  });

  it('ends the session when renewing is refused', async () => {
    serve({ 'GET /api/v1/me': forNewTokens, [refresh]: () => problem(401, 'invalid_refresh_token') });
    await expect(answer(api.GET('/api/v1/me'))).rejects.toMatchObject({ status: 401 });
    expect(onSessionLost).toHaveBeenCalledOnce();
  });

  it('ends nothing while the server can’t be asked', async () => {
    serve({ 'GET /api/v1/me': forNewTokens, [refresh]: () => problem(503, 'unavailable') });
    await expect(answer(api.GET('/api/v1/me'))).rejects.toMatchObject({ isOutage: true });
    expect(onSessionLost).not.toHaveBeenCalled();
  });

  it('is tried twice at most', async () => {
    const asked = serve({ 'GET /api/v1/me': () => problem(401, 'unauthenticated'), [refresh]: renewed });
    await expect(answer(api.GET('/api/v1/me'))).rejects.toBeInstanceOf(Problem);
    expect(askedFor(asked, '/api/v1/me')).toHaveLength(2);
  });
});

describe('a refusal that is no lapse', () => {
  it('of a stranger is an answer, and renews nothing', async () => {
    keepToken(null);
    const asked = serve({ 'POST /api/v1/auth/login': () => problem(401, 'invalid_credentials') });
    const login = api.POST('/api/v1/auth/login', { body: { identifier: 'a', password: 'b' } });
    await expect(answer(login)).rejects.toMatchObject({ code: 'invalid_credentials' });
    expect(asked).toHaveLength(1);
  });

  it('for want of permission never signs out', async () => {
    serve({ 'GET /api/v1/users': () => problem(403, 'permission_denied', { required: 'users:read' }) });
    await expect(answer(api.GET('/api/v1/users'))).rejects.toMatchObject({
      status: 403,
      required: 'users:read',
    });
    expect(onSessionLost).not.toHaveBeenCalled();
  });
});

describe('an act that needs a fresh sign-in', () => {
  const fresh = (request: Request) =>
    tokenOf(request) === 'Bearer fresh'
      ? new Response(null, { status: 204 })
      : problem(401, 'reauthentication_required');
  const remove = () => answer(api.DELETE('/api/v1/users/{id}', { params: { path: { id: '7' } } }));

  it('goes on by itself after the password was given', async () => {
    const asked = serve({ 'DELETE /api/v1/users/7': fresh });
    onReauthenticationRequired.mockImplementation(async () => {
      keepToken('fresh');
      return true;
    });
    await remove();
    expect(askedFor(asked, '/api/v1/users/7')).toHaveLength(2);
    expect(askedFor(asked, '/api/v1/auth/refresh')).toHaveLength(0);
  });

  it('asks nobody twice where the proof came while it was on its way', async () => {
    serve({
      'DELETE /api/v1/users/7': (request) => {
        const response = fresh(request);
        keepToken('fresh');
        return response;
      },
    });
    await remove();
    expect(onReauthenticationRequired).not.toHaveBeenCalled();
  });

  it('is given up when the password was not given', async () => {
    serve({ 'DELETE /api/v1/users/7': fresh });
    onReauthenticationRequired.mockResolvedValue(false);
    await expect(remove()).rejects.toMatchObject({ code: 'reauthentication_required' });
    expect(onSessionLost).not.toHaveBeenCalled();
  });
});

it('a network that is down is a problem like any other', async () => {
  vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
  await expect(answer(api.GET('/api/v1/me'))).rejects.toMatchObject({ code: 'unreachable', isOutage: true });
});
