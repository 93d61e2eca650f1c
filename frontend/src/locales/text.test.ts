// @vitest-environment node
import { expect, it } from 'vitest';
import { counted, problemText, t } from './text';

it('fills in what a message leaves open', () => {
  expect(t('users.created', { name: 'Ann' })).toBe('Ann has been created.');
});

it('counts', () => {
  expect(counted('resource.selected', 1)).toBe('1 selected');
  expect(counted('users.bulkDone', 1200)).toBe('1,200 users changed.');
});

it('prefers our words for a code to the server’s, and the server’s to none', () => {
  expect(problemText({ code: 'email_taken', message: 'x' })).toBe('Another account has this email.');
  expect(problemText({ code: 'brand_new', message: 'Something new.' })).toBe('Something new.');
  expect(problemText({ code: 'brand_new', message: '' })).toBe('Something went wrong.');
});
