import { cleanup } from '@testing-library/react';
import { afterEach } from 'vitest';

// jsdom knows the element, not its modal methods; tests of plain functions run without it altogether.
if (typeof HTMLDialogElement !== 'undefined') {
  HTMLDialogElement.prototype.showModal ??= function showModal(this: HTMLDialogElement) {
    this.open = true;
  };
  HTMLDialogElement.prototype.close ??= function close(this: HTMLDialogElement) {
    this.open = false;
  };
}

afterEach(cleanup);
