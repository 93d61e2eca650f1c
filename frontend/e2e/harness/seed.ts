import { administrator } from './server';

/** Acts over HTTP as the administrator, for what a test needs but is not about. */
export class Seed {
  readonly #address: string;
  readonly #token: string;

  private constructor(address: string, token: string) {
    this.#address = address;
    this.#token = token;
  }

  static async as(address: string): Promise<Seed> {
    const { email: identifier, password } = administrator;
    const response = await post(`${address}/api/v1/auth/login`, { identifier, password });
    const { access_token } = (await response.json()) as { access_token: string };
    return new Seed(address, access_token);
  }

  async user(user: {
    email: string;
    password?: string;
    display_name?: string;
    roles?: string[];
  }): Promise<string> {
    return this.#create('/api/v1/users', user);
  }

  async role(role: { name: string; description?: string; permissions: string[] }): Promise<string> {
    return this.#create('/api/v1/roles', role);
  }

  async #create(path: string, body: object): Promise<string> {
    const response = await post(`${this.#address}${path}`, body, { Authorization: `Bearer ${this.#token}` });
    const { id } = (await response.json()) as { id: string };
    return id;
  }
}

async function post(url: string, body: object, headers: Record<string, string> = {}): Promise<Response> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`POST ${url}: ${response.status} ${await response.text()}`);
  return response;
}
