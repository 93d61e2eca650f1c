import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { beforeAll } from 'vitest';

export const administrator = { email: 'admin@example.com', password: 'a gate, a key and a lantern' };

export interface Server {
  address: string;
  /** What a first start without credentials prints besides. */
  setUpLink: () => Promise<string>;
  stop: () => Promise<void>;
}

/** Changes of the environment of a server; undefined takes something away. */
type Settings = Record<string, string | undefined>;

/**
 * A server for the tests of a file, from before the first until after the last. `settings` may be a function, for what
 * is known only then.
 */
export function serverForTests(
  settings: Settings | (() => Settings) = {},
): Pick<Server, 'address' | 'setUpLink'> {
  let server: Server;
  beforeAll(async () => {
    server = await startServer(typeof settings === 'function' ? settings() : settings);
    return () => server.stop();
  });
  return {
    get address() {
      return server.address;
    },
    setUpLink: () => server.setUpLink(),
  };
}

/** Starts the real binary on an empty store; `settings` change its environment. */
export async function startServer(settings: Settings = {}): Promise<Server> {
  const binary = process.env.REEVE_BIN;
  if (!binary) throw new Error('Set REEVE_BIN to the reeve binary: cargo build, then target/debug/reeve');
  const folder = await mkdtemp(join(tmpdir(), 'reeve-e2e-'));
  const server = spawn(binary, ['serve'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...inherited(),
      REEVE_LISTEN: '127.0.0.1:0',
      REEVE_DATABASE_URL: `sqlite://${join(folder, 'reeve.db')}`,
      REEVE_SPA_DIR: join(import.meta.dirname, '../../dist'),
      REEVE_BOOTSTRAP__EMAIL: administrator.email,
      REEVE_BOOTSTRAP__PASSWORD: administrator.password,
      ...settings,
    },
  });
  const output = follow(server);
  const address = await output.find(/Reeve listens on (\S+)/).catch((error) => {
    server.kill('SIGKILL');
    throw error;
  });
  return {
    address,
    setUpLink: () => output.find(/(\S+\/setup\?token=\S+)/),
    stop: async () => {
      if (hasEnded(server)) {
        throw new Error(
          `The server ended by itself (${server.exitCode ?? server.signalCode}): ${output.end()}`,
        );
      }
      const stopped = once(server, 'exit');
      server.kill('SIGTERM');
      await stopped;
      await rm(folder, { recursive: true });
    },
  };
}

/** Without what the machine says about reeve: a test's server is set up by the test alone. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('REEVE_')));
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

const patience = 40_000;

/** All that the server has said so far, and a way to wait for what it is about to say. */
function follow(server: ChildProcess) {
  let said = '';
  const onChunk = (chunk: Buffer) => {
    said += chunk;
  };
  server.stdout?.on('data', onChunk);
  server.stderr?.on('data', onChunk);
  return {
    async find(pattern: RegExp): Promise<string> {
      for (const end = Date.now() + patience; Date.now() < end && !hasEnded(server); await setTimeout(20)) {
        const found = pattern.exec(said)?.[1];
        if (found) return found;
      }
      throw new Error(`The server did not say ${pattern}, but:\n${said.slice(-4000)}`);
    },
    end: () => said.slice(-4000),
  };
}
