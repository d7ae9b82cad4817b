import { describe, expect, it } from 'vitest';
import { StoreCalls } from '../../../../src/s3/store/store-calls.js';
import { assertAbsent, lookAt, mayBeStored } from '../../../../src/s3/upload/requests/stored-object.js';

const place = { bucket: 'bbb', key: 'k' };
const identity = { size: 10, salt: 'ab'.repeat(32) };

/** Calls to a store that gives one answer, or refuses with one status. */
function callsTo(answer: object | number): StoreCalls {
  const send = async () => {
    if (typeof answer === 'object') return answer;
    throw Object.assign(new Error('refused'), { $metadata: { httpStatusCode: answer } });
  };
  const client = { config: { region: () => 'nowhere' }, send };
  const pace = { tries: 1, firstPause: 1, longestPause: 1, stallAfter: 60_000 };
  return new StoreCalls(client, { signal: new AbortController().signal, pace });
}

describe('before an upload, a look', () => {
  it.each([403, 404])('that is answered with %d lets it begin', async (status) => {
    await expect(assertAbsent(callsTo(status), place)).resolves.toBeUndefined();
  });

  it.each([400, 405, 500, 503])('that is answered with %d ends it', async (status) => {
    await expect(assertAbsent(callsTo(status), place)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
  });

  it('that finds an object ends it', async () => {
    await expect(assertAbsent(callsTo({}), place)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_EXISTS' });
  });
});

describe('after a write, the object', () => {
  const Metadata = { 'sealpipe-salt': identity.salt };

  it.each<[string, object | number, string]>([
    ['is ours if it has its size and its salt', { ContentLength: 10, Metadata }, 'ours'],
    ['is another if it has another size', { ContentLength: 11, Metadata }, 'other'],
    [
      'is another if it has another salt',
      { ContentLength: 10, Metadata: { 'sealpipe-salt': 'cd'.repeat(32) } },
      'other',
    ],
    ['is another if it has no salt', { ContentLength: 10 }, 'other'],
    ['is absent after 404', 404, 'absent'],
    ['is hidden after 403', 403, 'hidden'],
    ['is hidden after 500', 500, 'hidden'],
  ])('%s', async (_, answer, is) => {
    expect(await lookAt(callsTo(answer), place, identity)).toMatchObject({ is });
  });
});

it.each([
  [undefined, 1, true],
  [200, 1, true],
  [399, 1, true],
  [400, 1, false],
  [403, 1, false],
  [499, 1, false],
  [500, 1, true],
  [503, 1, true],
  [412, 2, true],
  [403, 2, true],
])('a write that is refused with status %s at try %d may have been done: %s', (status, tries, is) => {
  expect(
    mayBeStored({ name: undefined, code: undefined, status, region: undefined, attempts: 1 }, tries),
  ).toBe(is);
});
