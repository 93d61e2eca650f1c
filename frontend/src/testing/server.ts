import { vi } from 'vitest';

export type Responder = (request: Request) => Response | Promise<Response>;

/** Stands in for the network: answers by `METHOD /path`, and keeps what was asked. */
export function serve(responders: Record<string, Responder>): Request[] {
  const asked: Request[] = [];
  vi.stubGlobal('fetch', async (input: RequestInfo | URL, init?: RequestInit) => {
    const request = new Request(input, init);
    asked.push(request);
    const responder = responders[`${request.method} ${new URL(request.url).pathname}`];
    return responder ? responder(request) : problem(404, 'not_found');
  });
  return asked;
}

export function json(body: unknown, init: ResponseInit = {}): Response {
  return Response.json(body, init);
}

export function problem(status: number, code: string, more: object = {}): Response {
  return Response.json({ type: 'about:blank', title: code, status, code, ...more }, { status });
}

export function askedFor(asked: Request[], path: string): Request[] {
  return asked.filter((request) => new URL(request.url).pathname === path);
}
