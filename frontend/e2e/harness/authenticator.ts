import { createHmac } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

const stepLength = 30_000;
/** A code that is about to run out might not be in time. */
const margin = 4_000;

/** An authenticator application (RFC 6238), which never shows the same code twice: each is good once. */
export class Authenticator {
  readonly #secret: Buffer;
  #lastStep = 0;

  constructor(secret: string) {
    this.#secret = fromBase32(secret);
  }

  /** The next code that the server takes; it takes those of one step before and after, too. */
  async next(): Promise<string> {
    for (; ; await setTimeout(500)) {
      const now = Math.floor(Date.now() / stepLength);
      const oldest = Date.now() % stepLength > stepLength - margin ? now : now - 1;
      const step = Math.max(oldest, this.#lastStep + 1);
      if (step > now + 1) continue;
      this.#lastStep = step;
      return this.#code(step);
    }
  }

  #code(step: number): string {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(step));
    const digest = createHmac('sha1', this.#secret).update(counter).digest();
    const offset = digest.readUInt8(digest.length - 1) & 0xf;
    return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
  }
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

function fromBase32(text: string): Buffer {
  const bits = [...text].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
