import { Readable } from 'node:stream';
import { expect, it } from 'vitest';
import { ObjectReads } from '../../../src/s3/reading/object-reads.js';
import type { RangeTerms } from '../../../src/s3/reading/read-range.js';
import { readRange } from '../../../src/s3/reading/read-range.js';
import { Resumes } from '../../../src/s3/reading/resumes.js';
import { StoreCalls } from '../../../src/s3/store/store-calls.js';
import { QUICK } from '../support/sealed-objects.js';

const SIZE = 1_000;

/** A read of an object by a client that answers with these bodies in turn. */
function terms(bodies: Readable[], stop = new AbortController()): RangeTerms & { readonly asked: string[] } {
  const asked: string[] = [];
  const send = async (command: object) => {
    const { Range } = (command as { input: { Range: string } }).input;
    asked.push(Range);
    const [start = 0, last = 0] = (Range.match(/\d+/g) ?? []).map(Number);
    return { Body: bodies.shift(), ETag: '"e"', ContentRange: `bytes ${start}-${last}/${SIZE}` };
  };
  const client = { config: { region: () => 'nowhere' }, send };
  const { signal } = stop;
  return {
    asked,
    reads: new ObjectReads({ bucket: 'bbb', key: 'k' }),
    calls: new StoreCalls(client, { signal, pace: QUICK }),
    resumes: new Resumes(QUICK),
    stallAfter: 60_000,
    signal,
  };
}

it('an abort ends the response that is being read', async () => {
  const stop = new AbortController();
  const body = new Readable({
    read() {
      setImmediate(() => stop.abort(new Error('enough')));
    },
  });
  await expect(readRange(Buffer.alloc(100), 0, terms([body], stop))).rejects.toThrow('enough');
  expect(body.destroyed).toBe(true);
});

it.each(['end', 'close'])('a response that ends early with "%s" is resumed', async (event) => {
  const pieces = [Buffer.alloc(40, 1)];
  const first = new Readable({
    // The client's body may be any stream: not all of them close when they have ended.
    autoDestroy: false,
    read() {
      if (pieces.length > 0) this.push(pieces.shift());
      else if (event === 'end') this.push(null);
      else this.destroy();
    },
  });
  const memory = Buffer.alloc(100);
  const read = terms([first, Readable.from([Buffer.alloc(60, 2)])]);
  expect(await readRange(memory, 200, read)).toBe(100);
  expect(memory).toEqual(Buffer.concat([Buffer.alloc(40, 1), Buffer.alloc(60, 2)]));
  expect(read.asked).toEqual(['bytes=200-299', 'bytes=240-299']);
});

it('a read is not resumed before its beginning, wherever the frame begins that broke', async () => {
  const memory = Buffer.alloc(100);
  const read = terms([Readable.from([Buffer.alloc(40, 1)]), Readable.from([Buffer.alloc(100, 2)])]);
  expect(await readRange(memory, 200, { ...read, boundaryBefore: () => 150 })).toBe(100);
  expect(memory).toEqual(Buffer.alloc(100, 2));
  expect(read.asked).toEqual(['bytes=200-299', 'bytes=200-299']);
});

it('an error of this library is not answered with another request', async () => {
  const read = terms([Readable.from(['text'])]);
  await expect(readRange(Buffer.alloc(100), 0, read)).rejects.toMatchObject({
    code: 'ERR_SEALPIPE_STORE',
    message: expect.stringContaining('as text'),
  });
  expect(read.asked).toHaveLength(1);
});
