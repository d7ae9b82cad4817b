import type { Engine, FrameCipher } from '../../src/crypto/aead.js';
import { engineNames, engines, pickEngine } from '../../src/crypto/engines.js';
import type { SuiteName } from '../../src/suites.js';
import { SUITES } from '../../src/suites.js';

/** Every engine with every suite that it serves on this machine. */
export function servedSuites(): { name: string; suite: SuiteName; engine: Engine }[] {
  return engines().flatMap(({ suite, unavailable }) =>
    engineNames()
      .filter((name) => unavailable[name] === undefined)
      .map((name) => ({ name: `${suite} by ${name}`, suite, engine: pickEngine(suite, name) })),
  );
}

/** A cipher with a key and a nonce that any two engines agree on. */
export function cipherOf(engine: Engine, suite: SuiteName, seed = 1): FrameCipher {
  const { keySize, nonceSize } = SUITES[suite];
  const key = Uint8Array.from({ length: keySize }, (_, i) => i * 5 + seed);
  return engine.create(
    suite,
    key,
    Uint8Array.from({ length: nonceSize }, (_, i) => i * 11 + seed),
  );
}

/** Ciphertext and tag, in memory of their own. */
export function sealed(cipher: FrameCipher, index: number, aad: Uint8Array, plaintext: Uint8Array): Buffer {
  const out = Buffer.alloc(plaintext.length + 16);
  cipher.seal(index, aad, plaintext, out, 0);
  return out;
}

/** The plaintext, or undefined where the tag does not verify. */
export function opened(
  cipher: FrameCipher,
  index: number,
  aad: Uint8Array,
  frame: Uint8Array,
): Buffer | undefined {
  const out = Buffer.alloc(frame.length - 16);
  return cipher.open(index, aad, frame, out, 0) ? out : undefined;
}
