import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { beforeAll } from 'vitest';

const folder = join(import.meta.dirname, '../../../scripts/oidc_provider');

export interface OidcProvider {
  issuer: string;
  /** Tells it where to send people back to. */
  serve: (redirectUri: string) => Promise<void>;
}

/** A certified provider of OpenID Connect for the tests of a file, which `scripts/test prepare` installs. */
export function oidcProviderForTests(): OidcProvider {
  let provider: RunningProvider;
  beforeAll(async () => {
    provider = await startProvider();
    return () => provider.stop();
  });
  return {
    get issuer() {
      return provider.issuer;
    },
    serve: (redirectUri) => provider.serve(redirectUri),
  };
}

interface RunningProvider extends OidcProvider {
  stop: () => Promise<void>;
}

async function startProvider(): Promise<RunningProvider> {
  const provider = spawn('node', ['main.js'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
  const [line] = await Promise.race([
    once(provider.stdout, 'data'),
    once(provider, 'exit').then(() => {
      throw new Error('The provider did not start: run scripts/test prepare');
    }),
  ]);
  const issuer = String(line).trim();
  return {
    issuer,
    async serve(redirectUri) {
      const body = JSON.stringify({ redirect_uri: redirectUri });
      await fetch(`${issuer}/-/configure`, { method: 'POST', body });
    },
    async stop() {
      const stopped = once(provider, 'exit');
      provider.kill();
      await stopped;
    },
  };
}
