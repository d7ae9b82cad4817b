import { expect, it } from 'vitest';
import { StoreCalls } from '../../../../src/s3/store/store-calls.js';
import { listParts } from '../../../../src/s3/upload/requests/open-upload.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';

const here = fakeForTests();

/** The parts of an upload as a store lists them that answers with this marker after this one. */
function listed(next: (marker: string) => string | undefined) {
  here.fake.fault(
    { on: 'ListParts', times: 1_000 },
    {
      kind: 'alter',
      alter: (answer, { query }) => {
        const marker = query.get('part-number-marker') ?? '0';
        const found = next(marker);
        const more = `<IsTruncated>${found !== '10000'}</IsTruncated>`;
        const where = found === undefined ? '' : `<NextPartNumberMarker>${found}</NextPartNumberMarker>`;
        const part = `<Part><PartNumber>${found}</PartNumber><ETag>"e"</ETag><Size>5</Size></Part>`;
        const body = [Buffer.from(`<ListPartsResult>${more}${where}${part}</ListPartsResult>`)];
        return { ...answer, status: 200, headers: {}, body };
      },
    },
  );
  here.fake.world.bucket(here.bucket).uploads.set('u', {
    id: 'u',
    key: 'k',
    initiated: new Date(),
    details: { headers: {}, storageClass: 'STANDARD', tags: new Map(), lock: {} },
    algorithm: undefined,
    checksumType: undefined,
    parts: new Map(),
  });
  const calls = new StoreCalls(here.client, { signal: new AbortController().signal });
  return listParts(calls, { bucket: here.bucket, key: 'k', uploadId: 'u' });
}

it('a list of parts is followed to its end', async () => {
  const parts = await listed((marker) => String(Number(marker) + 1_000));
  expect(parts?.map(({ PartNumber }) => PartNumber)).toEqual(
    Array.from({ length: 10 }, (_, i) => 1_000 * (i + 1)),
  );
});

it.each([
  ['stays where it is', () => '7'],
  ['goes back and forth', (marker: string) => (marker === '5' ? '3' : '5')],
  ['says no place', () => undefined],
  ['names a part that cannot be', (marker: string) => (marker === '0' ? '9999' : '10001')],
])('a list that never ends, since it %s, is given up', async (_how, next) => {
  await expect(listed(next)).rejects.toMatchObject({
    code: 'ERR_SEALPIPE_STORE',
    message: expect.stringContaining('does not say where'),
  });
  expect(here.fake.seen.of('ListParts').length).toBeLessThan(4);
});
