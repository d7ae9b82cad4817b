import { describe, expect, it } from 'vitest';
import { encrypt } from '../../src/session/one-shot.js';
import { createDecryptStream } from '../../src/streams/decrypt-stream.js';
import { createEncryptStream } from '../../src/streams/encrypt-stream.js';
import { outcomeOf } from '../support/outcome.js';
import { piecesOf } from '../support/pieces.js';
import { expectQuietProcess } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';

expectQuietProcess();

describe('the counters', () => {
  it.each([
    ['fixed', 0, 1],
    ['fixed', 4_095, 1],
    ['fixed', 4_096, 2],
    ['fixed', 3 * 4_096 + 5, 4],
    ['record', 0, 1],
    ['record', 4_096, 2],
    ['record', 3 * 4_096 + 5, 4],
  ] as const)('of the %s layout agree in both directions for %i bytes', async (layout, size, frames) => {
    const plaintext = Buffer.alloc(size, 1);
    const seal = createEncryptStream({ keys, layout, frameSize: 4_096 });
    const { bytes } = await outcomeOf(seal, ...piecesOf(plaintext, 1_000));
    expect([seal.bytesIn, seal.bytesOut, seal.framesOut]).toEqual([size, bytes.length, frames]);
    const open = createDecryptStream({ keys });
    await outcomeOf(open, ...piecesOf(bytes, 777));
    expect([open.bytesIn, open.bytesOut, open.framesOut]).toEqual([bytes.length, size, frames]);
  });

  it('stand at zero before anything has happened', () => {
    for (const stream of [createEncryptStream({ keys }), createDecryptStream({ keys })]) {
      expect([stream.bytesIn, stream.bytesOut, stream.framesOut]).toEqual([0, 0, 0]);
      stream.destroy();
    }
  });

  it('count strings by their bytes, and flush markers not at all', async () => {
    const stream = createEncryptStream({ keys, layout: 'record' });
    stream.write('zwölf');
    void stream.flush();
    await outcomeOf(stream);
    expect([stream.bytesIn, stream.framesOut]).toEqual([6, 2]);
  });

  it('count only what was given before a fault', async () => {
    const sealed = await encrypt(Buffer.alloc(10 * 4_096), { keys, frameSize: 4_096 });
    sealed[sealed.length - 30]! ^= 1;
    const stream = createDecryptStream({ keys });
    const { error } = await outcomeOf(stream, sealed);
    expect(error?.code).toBe('ERR_SEALPIPE_AUTHENTICATION');
    expect([stream.bytesOut, stream.framesOut]).toEqual([9 * 4_096, 9]);
  });

  it.each([undefined, 'node'] as const)(
    'stop where a reader destroys the stream in the middle of a large chunk (engine %s)',
    async (engine) => {
      const stream = createEncryptStream({ keys, engine });
      let given = 0;
      const closed = new Promise((resolve) => stream.once('close', resolve));
      stream.on('data', (chunk: Buffer) => {
        given += chunk.length;
        if (given > 500_000) stream.destroy();
      });
      stream.write(Buffer.alloc(16 * 1_048_576));
      await closed;
      expect(stream.framesOut).toBeLessThan(64);
      expect(stream.errored, 'no trace of an error').toBeNull();
      expect(stream.bytesOut).toBe(given);
    },
  );
});
