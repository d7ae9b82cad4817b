import { describe, expect, it } from 'vitest';
import { TransferDiagnostics } from '../../../../src/s3/store/diagnostics.js';
import { StoreCalls } from '../../../../src/s3/store/store-calls.js';
import { Checksums } from '../../../../src/s3/upload/requests/checksums.js';
import { MultipartUpload } from '../../../../src/s3/upload/requests/multipart-upload.js';
import { eventually } from '../../../support/eventually.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';

const MIB = 2 ** 20;
const here = fakeForTests();

function begin(signal = new AbortController().signal): MultipartUpload {
  return new MultipartUpload({
    calls: new StoreCalls(here.client, { signal }),
    target: { bucket: here.bucket, key: 'k' },
    attributes: () => ({}),
    checksums: new Checksums('CRC32'),
    signing: 'auto',
    diagnostics: new TransferDiagnostics('upload'),
    warn: () => undefined,
  });
}

it('does not keep a part from an abort while the store does not say which upload it belongs to', async () => {
  here.fake.fault('CreateMultipartUpload', { kind: 'stall request' });
  const stop = new AbortController();
  const upload = begin(stop.signal);
  const part = upload.send(1, Buffer.alloc(10));
  part.catch(() => undefined);
  await eventually(() => expect(here.fake.seen.of('CreateMultipartUpload')).toHaveLength(1));
  stop.abort();
  await expect(part).rejects.toMatchObject({ name: 'AbortError' });
  // The upload may exist under a name that is not known.
  expect(await upload.dismiss(50)).toBe(false);
});

describe('the bytes of a multipart upload', () => {
  it('are those of its parts, each of them once however often it was sent', async () => {
    const upload = begin();
    expect(upload.bytes).toBe(0);
    await upload.send(1, Buffer.alloc(6 * MIB));
    await upload.send(1, Buffer.alloc(5 * MIB, 1));
    await upload.send(2, Buffer.alloc(17));
    expect([upload.bytes, upload.parts]).toEqual([5 * MIB + 17, 2]);
    expect(await upload.completion()).toMatchObject({ MpuObjectSize: 5 * MIB + 17 });
    expect(await upload.dismiss()).toBe(true);
  });

  it('are also those that an earlier process has sent', async () => {
    const earlier = begin();
    await earlier.send(1, Buffer.alloc(5 * MIB));
    const upload = begin();
    upload.adopt(await earlier.open(), [{ number: 1, size: 5 * MIB, etag: undefined, checksum: undefined }]);
    await upload.send(2, Buffer.alloc(3));
    expect([upload.bytes, upload.parts]).toEqual([5 * MIB + 3, 2]);
    expect(await upload.dismiss()).toBe(true);
  });
});
