import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';

// What jsdom knows by name only; tests of plain functions run without it altogether.
if (typeof window !== 'undefined') {
  window.scrollTo = () => {};
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.open = false;
  };
}

// The tools wait a second, which a busy machine needs at times for a first rendering. What comes is not waited for longer.
configure({ asyncUtilTimeout: 10_000 });

afterEach(cleanup);
