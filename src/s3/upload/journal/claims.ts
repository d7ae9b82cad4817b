import { createHmac } from 'node:crypto';
import { u32, wipe } from '../../../bytes.js';

/**
 * Proves that a part's plaintext is the same that was sealed before: HMAC-SHA-256(claimKey, u32(part) ‖ u64(length) ‖
 * plaintext), under FORMAT 5's claimKey.
 */
export class Claims {
  readonly #key: Buffer;

  /** @param key is wiped by `wipe` */
  constructor(key: Buffer) {
    this.#key = key;
  }

  /** The claim of a part whose plaintext is in `views`. */
  of(part: number, views: readonly Uint8Array[]): Buffer {
    const length = views.reduce((sum, view) => sum + view.length, 0);
    const size = Buffer.alloc(8);
    size.writeBigUInt64BE(BigInt(length));
    const hmac = createHmac('sha256', this.#key).update(u32(part)).update(size);
    for (const view of views) hmac.update(view);
    return hmac.digest();
  }

  wipe(): void {
    wipe(this.#key);
  }
}
