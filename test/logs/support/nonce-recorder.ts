import { onTestFinished, vi } from 'vitest';
import type { FrameCipher } from '../../../src/crypto/aead.js';
import { pickEngine } from '../../../src/crypto/engines.js';
import { nodeEngine } from '../../../src/crypto/node-engine.js';

/** What was sealed: every key, and every frame under it. */
export interface SealRecord {
  /** Frames under a key and base nonce, so many times. */
  readonly twice: readonly string[];
  readonly keys: number;
  readonly frames: number;
}

/** Records every frame that the engine `node` seals while the test runs. */
export function recordNonces(): () => SealRecord {
  // The engine tests itself first, with keys of its own.
  pickEngine('AES-256-GCM', 'node');
  const sealed = new Map<string, number>();
  const keys = new Set<string>();
  const create = nodeEngine.create;
  const spy = vi.spyOn(nodeEngine, 'create').mockImplementation((suite, key, baseNonce) => {
    const name = Buffer.concat([key, baseNonce]).toString('hex');
    keys.add(name);
    return recorded(create.call(nodeEngine, suite, key, baseNonce), (index) => {
      const place = `${name} ${index}`;
      sealed.set(place, (sealed.get(place) ?? 0) + 1);
    });
  });
  onTestFinished(() => spy.mockRestore());
  return () => ({
    twice: [...sealed].filter(([, count]) => count > 1).map(([place]) => place),
    keys: keys.size,
    frames: sealed.size,
  });
}

function recorded(cipher: FrameCipher, note: (index: number) => void): FrameCipher {
  return {
    seal: (index, ...rest) => {
      note(index);
      cipher.seal(index, ...rest);
    },
    open: (...all) => cipher.open(...all),
    wipe: () => cipher.wipe(),
  };
}
