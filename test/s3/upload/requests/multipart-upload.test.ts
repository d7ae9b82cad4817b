import { describe, expect, it } from 'vitest';
import { TransferDiagnostics } from '../../../../src/s3/store/diagnostics.js';
import { StoreCalls } from '../../../../src/s3/store/store-calls.js';
import { Checksums } from '../../../../src/s3/upload/requests/checksums.js';
import { MultipartUpload } from '../../../../src/s3/upload/requests/multipart-upload.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';

const MIB = 2 ** 20;
const here = fakeForTests();

function begin(): MultipartUpload {
  return new MultipartUpload({
    calls: new StoreCalls(here.client, { signal: new AbortController().signal }),
    target: { bucket: here.bucket, key: 'k' },
    attributes: () => ({}),
    checksums: new Checksums('CRC32'),
    signing: 'auto',
    diagnostics: new TransferDiagnostics('upload'),
    warn: () => undefined,
  });
}

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
