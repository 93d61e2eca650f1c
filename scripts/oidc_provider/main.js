// A certified provider of OpenID Connect for the tests, over plain HTTP on this machine. It prints its address, and begins to
// answer once it was told where its client is: POST /-/configure {"redirect_uri", "thin"}; a thin one puts what a scope asks for into
// the user info alone. Whoever signs in has what they enter as
// their name for an address; one that begins with "unverified" was never shown to be theirs. POST /-/groups {NAME: [GROUP]}
// says who is in which groups.
import { createServer } from 'node:http';
import { Provider } from 'oidc-provider';

let answer = (_request, response) => response.writeHead(503).end();
let groups = {};

const server = createServer(async (request, response) => {
  const body = async () => {
    let text = '';
    for await (const chunk of request) text += chunk;
    return JSON.parse(text);
  };
  if (request.url === '/-/configure') {
    answer = provider(await body()).callback();
    return response.writeHead(204).end();
  }
  if (request.url === '/-/groups') {
    groups = await body();
    return response.writeHead(204).end();
  }
  // Browsers ask for it, and report when there is none.
  if (request.url === '/favicon.ico') return response.writeHead(204).end();
  return answer(request, response);
});

server.listen(0, '127.0.0.1', () => console.log(issuer()));
// It ends with whoever started it.
process.stdin.resume().on('end', () => process.exit());

const issuer = () => `http://127.0.0.1:${server.address().port}`;

function provider({ redirect_uri, thin = false }) {
  return new Provider(issuer(), {
    clients: [{ client_id: 'reeve', client_secret: 'a secret: of 100%', redirect_uris: [redirect_uri] }],
    // As many providers do, what a scope asks for is in the ID token; by the specification it is in the user info.
    conformIdTokenClaims: thin,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups', 'access'] },
    findAccount: (_context, name) => ({
      accountId: name,
      claims: () => ({
        sub: name,
        email: name,
        email_verified: !name.startsWith('unverified'),
        name: `Person ${name.split('@')[0]}`,
        groups: groups[name] ?? [],
        access: { roles: groups[name] ?? [] },
      }),
    }),
  });
}
