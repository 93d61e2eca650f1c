// @vitest-environment node
import { expect, it } from 'vitest';
import { actorName } from './actorName';

const by = { actor: null, ip: null, user_agent: null };

it.each([
  ['a person', { ...by, actor: { id: '1', email: 'ann@example.com' } }, 'ann@example.com'],
  ['somebody whose email is not known', { ...by, actor: { id: '1' } }, '1'],
  ['the command line', { ...by, user_agent: 'reeve command line' }, 'Command line'],
  ['a stranger', { ...by, ip: '203.0.113.7', user_agent: 'curl/8' }, 'Not signed in'],
  [
    'a stranger who claims to be the command line',
    { ...by, ip: '203.0.113.7', user_agent: 'reeve command line' },
    'Not signed in',
  ],
  ['the server', by, 'Reeve itself'],
])('tells %s from the others', (_, event, name) => {
  expect(actorName(event)).toBe(name);
});
