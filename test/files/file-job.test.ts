import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import type { ReadableFile } from '../../src/files/byte-file.js';
import { throughStream } from '../../src/files/file-job.js';
import { createEncryptStream } from '../../src/index.js';
import { expectQuietProcess, turns } from '../support/quiet-process.js';
import { keys } from '../support/test-keys.js';
import { MemoryFile } from './memory-file.js';

expectQuietProcess();

/** Work that has begun, and lasts until `end` is called. */
function lastingWork() {
  const started = new AbortController();
  const ended = new AbortController();
  return {
    hasBegun: once(started.signal, 'abort'),
    end: () => ended.abort(),
    do: async () => {
      started.abort();
      await once(ended.signal, 'abort');
    },
  };
}

describe('a run through a stream that fails', () => {
  const mine = new Error('mine');

  /** What happens, in order, when the stream fails during the work on a file. */
  async function orderOf(
    run: (file: () => Promise<void>, stream: ReturnType<typeof createEncryptStream>) => Promise<void>,
  ) {
    const order: unknown[] = [];
    const work = lastingWork();
    const stream = createEncryptStream({ keys, layout: 'record' });
    const over = run(async () => {
      await work.do();
      order.push('the file is not used any more');
    }, stream).catch((error: unknown) => order.push(error));
    await work.hasBegun;
    stream.destroy(mine);
    await new Promise((resolve) => stream.once('close', resolve));
    await turns();
    work.end();
    await over;
    return order;
  }

  it('is not over while its output is written, or gets its name', async () => {
    const order = await orderOf((work, stream) =>
      throughStream(new MemoryFile(Buffer.alloc(10)), stream, new MemoryFile(), work),
    );
    expect(order).toEqual(['the file is not used any more', mine]);
  });

  it('is not over while its input is read', async () => {
    const order = await orderOf((work, stream) => {
      const source: ReadableFile = { readv: () => work().then(() => ({ bytesRead: 0 })) };
      return throughStream(source, stream, new MemoryFile(), async () => undefined);
    });
    expect(order).toEqual(['the file is not used any more', mine]);
  });
});
