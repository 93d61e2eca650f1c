import type { Plugin } from 'vite';

/**
 * The entry is tiny and starts the session's request; everything that draws is one dynamic import away.
 * Naming that chunk in the page makes the browser fetch it at once, beside the request and not after it.
 */
export function preloadChunk(source: string): Plugin {
  return {
    name: 'preload-chunk',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((output) => output.type === 'chunk');
        const wanted = chunks.find((chunk) => chunk.facadeModuleId?.endsWith(source));
        if (!wanted) throw new Error(`No chunk is made from ${source}`);
        return [wanted.fileName, ...wanted.imports].map((fileName) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${fileName}` },
          injectTo: 'head' as const,
        }));
      },
    },
  };
}
