import type { createAppRouter } from './router';

const pause = 2000;

/**
 * The code of all pages, once the first has had its turn. A page that is opened later then needs the server for its data
 * only: it says so when the server is away, and is there although a newer version was deployed meanwhile.
 */
export function fetchPagesAhead(router: ReturnType<typeof createAppRouter>): () => void {
  const timer = setTimeout(() => {
    for (const route of Object.values(router.routesById)) void router.loadRouteChunk(route);
  }, pause);
  return () => clearTimeout(timer);
}
