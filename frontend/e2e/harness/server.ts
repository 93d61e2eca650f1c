import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export const administrator = { email: 'admin@example.com', password: 'a gate, a key and a lantern' };

export interface Server {
  address: string;
  stop: () => Promise<void>;
}

/** Starts the real binary on an empty store; `settings` are further variables of its environment. */
export async function startServer(settings: Record<string, string> = {}): Promise<Server> {
  const binary = process.env.REEVE_BIN;
  if (!binary) throw new Error('Set REEVE_BIN to the reeve binary: cargo build, then target/debug/reeve');
  const folder = await mkdtemp(join(tmpdir(), 'reeve-e2e-'));
  const server = spawn(binary, ['serve'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      REEVE_LISTEN: '127.0.0.1:0',
      REEVE_DATABASE_URL: `sqlite://${join(folder, 'reeve.db')}`,
      REEVE_SPA_DIR: join(import.meta.dirname, '../../dist'),
      REEVE_BOOTSTRAP__EMAIL: administrator.email,
      REEVE_BOOTSTRAP__PASSWORD: administrator.password,
      ...settings,
    },
  });
  const address = await addressOf(server);
  return {
    address,
    stop: async () => {
      const stopped = once(server, 'exit');
      server.kill('SIGTERM');
      await stopped;
      await rm(folder, { recursive: true });
    },
  };
}

async function addressOf(server: ChildProcess): Promise<string> {
  const { stdout, stderr } = server;
  if (!stdout || !stderr) throw new Error('The server has no output');
  let said = '';
  stderr.on('data', (chunk: Buffer) => {
    said = `${said}${chunk}`.slice(-4000);
  });
  for await (const line of createInterface(stdout)) {
    const address = /Reeve listens on (\S+)/.exec(line)?.[1];
    // Read on, or the server would block on a full pipe.
    if (address) {
      stdout.resume();
      return address;
    }
  }
  throw new Error(`The server ended before it listened:\n${said}`);
}
