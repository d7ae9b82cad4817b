import { expect, it } from 'vitest';
import { ObjectReads } from '../../../src/s3/reading/object-reads.js';
import { StoreCalls } from '../../../src/s3/store/store-calls.js';
import { QUICK } from '../support/sealed-objects.js';

/** Calls to a store that gives these answers in turn; a number is the status of a refusal. */
function callsTo(...answers: (object | number)[]): StoreCalls {
  const send = async () => {
    const answer = answers.shift()!;
    if (typeof answer === 'object') return answer;
    throw Object.assign(new Error('refused'), { $metadata: { httpStatusCode: answer } });
  };
  const client = { config: { region: () => 'nowhere' }, send };
  return new StoreCalls(client, { signal: new AbortController().signal, pace: { ...QUICK, tries: 1 } });
}

const FIRST = { ETag: '"e"', ContentRange: 'bytes 0-4/9', ContentLength: 5 };
const place = { bucket: 'bbb', key: 'k' };

it('an object without a byte is one if its first byte was asked for', async () => {
  expect(await new ObjectReads(place).open(callsTo(416), { start: 0, end: 5 })).toMatchObject({ end: 0 });
  await expect(new ObjectReads(place).open(callsTo(416), { start: 5, end: 9 })).rejects.toMatchObject({
    code: 'ERR_SEALPIPE_STORE',
  });
});

it.each([404, 412, 416])('an object that answers %d after it was read has changed', async (status) => {
  const reads = new ObjectReads(place);
  await reads.open(callsTo(FIRST), { start: 0, end: 5 });
  await expect(reads.open(callsTo(status), { start: 5, end: 9 })).rejects.toMatchObject({
    code: 'ERR_SEALPIPE_CHANGED',
  });
});
