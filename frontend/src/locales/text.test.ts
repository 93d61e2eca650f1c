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

it('says when to try again where the server says how long to wait', () => {
  const after = (retryAfter?: number) => problemText({ code: 'too_many_attempts', message: 'x', retryAfter });
  expect(after(1)).toBe('Too many attempts. Try again in 1 second.');
  expect(after(59)).toBe('Too many attempts. Try again in 59 seconds.');
  expect(after(60)).toBe('Too many attempts. Try again in 1 minute.');
  expect(after(61)).toBe('Too many attempts. Try again in 2 minutes.');
  expect(after()).toBe('Too many attempts. Please wait a little before the next one.');
  expect(problemText({ code: 'email_taken', message: 'x', retryAfter: 5 })).toBe(
    'Another account has this email.',
  );
});
