import { describe, expect, it } from 'vitest';
import { TransferDiagnostics } from '../../../../src/s3/store/diagnostics.js';
import { StoreCalls } from '../../../../src/s3/store/store-calls.js';
import { Checksums } from '../../../../src/s3/upload/requests/checksums.js';
import type { UploadTerms } from '../../../../src/s3/upload/requests/multipart-upload.js';
import { MultipartUpload } from '../../../../src/s3/upload/requests/multipart-upload.js';
import { eventually } from '../../../support/eventually.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';

const MIB = 2 ** 20;
const here = fakeForTests();

function begin(signal = new AbortController().signal, terms: Partial<UploadTerms> = {}): MultipartUpload {
  return new MultipartUpload({
    calls: new StoreCalls(here.client, { signal }),
    target: { bucket: here.bucket, key: 'k' },
    attributes: () => ({}),
    checksums: new Checksums('CRC32'),
    signing: 'auto',
    diagnostics: new TransferDiagnostics('upload'),
    warn: () => undefined,
    ...terms,
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

describe('the parts that a store lists', () => {
  interface Listed {
    readonly PartNumber: number;
    readonly Size: number;
    readonly ETag: string;
  }

  /** The completion of an upload of two parts, without checksums, by a store that lists others. */
  async function completionWith(change: (parts: Listed[]) => Listed[]): Promise<object> {
    const send = async (command: object) => {
      const { name } = command.constructor;
      const { PartNumber } = (command as { input: { PartNumber?: number } }).input;
      if (name === 'CreateMultipartUploadCommand') return { UploadId: 'u' };
      if (name === 'UploadPartCommand') return { ETag: `"${PartNumber}"` };
      const Parts = [1, 2].map((number) => ({ PartNumber: number, Size: 10 * number, ETag: `"${number}"` }));
      return { Parts: change(Parts) };
    };
    const client = { config: { region: () => 'nowhere' }, send };
    const upload = begin(undefined, {
      calls: new StoreCalls(client, { signal: new AbortController().signal }),
      checksums: new Checksums(undefined),
    });
    await upload.send(2, Buffer.alloc(20));
    await upload.send(1, Buffer.alloc(10));
    return upload.completion();
  }

  it('are completed in order, with their ETags, which may be others than those of the answers', async () => {
    const completion = await completionWith((parts) => parts.map((part) => ({ ...part, ETag: '"new"' })));
    const Parts = [1, 2].map((PartNumber) => ({ PartNumber, ETag: '"new"' }));
    expect(completion).toMatchObject({ MultipartUpload: { Parts }, MpuObjectSize: 30 });
  });

  it.each<[string, (parts: Listed[]) => Listed[]]>([
    ['have another number', ([one, two]) => [one!, { ...two!, PartNumber: 3 }]],
    ['have another size', ([one, two]) => [one!, { ...two!, Size: 21 }]],
    ['are fewer', ([one]) => [one!]],
    ['are more', (parts) => [...parts, { ...parts[1]!, PartNumber: 3 }]],
  ])('are not completed if they %s', async (_, change) => {
    await expect(completionWith(change)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_CHANGED' });
  });
});

describe('an upload is removed', () => {
  const uploads = () => here.fake.world.bucket(here.bucket).uploads.size;

  it('also if it was begun and could not be recorded', async () => {
    const upload = begin(undefined, { begun: () => Promise.reject(new Error('the disk is full')) });
    await expect(upload.send(1, Buffer.alloc(10))).rejects.toThrow('the disk is full');
    expect(uploads()).toBe(1);
    expect([await upload.dismiss(), uploads()]).toEqual([true, 0]);
  });

  it('or not, if the store does not answer: then parts may be left', async () => {
    const upload = begin();
    await upload.send(1, Buffer.alloc(10));
    here.fake.fault({ on: 'AbortMultipartUpload', times: 9 }, { kind: 'stall request' });
    expect([await upload.dismiss(50), uploads()]).toEqual([false, 1]);
  });
});

describe('a store that', () => {
  const refused = (status: number, name: string) =>
    Object.assign(new Error(name), { name, $metadata: { httpStatusCode: status } });

  /** An upload to a store that answers as it likes. */
  function uploadTo(answer: (operation: string, part: number | undefined) => object): MultipartUpload {
    const send = async (command: object) => {
      const { PartNumber } = (command as { input: { PartNumber?: number } }).input;
      return answer(command.constructor.name, PartNumber);
    };
    const client = { config: { region: () => 'nowhere' }, send };
    const pace = { tries: 1, firstPause: 1, longestPause: 1, stallAfter: 60_000 };
    return begin(undefined, {
      calls: new StoreCalls(client, { signal: new AbortController().signal, pace }),
    });
  }

  it('does not name the upload that it began is refused', async () => {
    await expect(uploadTo(() => ({})).send(1, Buffer.alloc(1))).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_STORE',
      message: expect.stringContaining('did not name the upload'),
    });
  });

  it.each([1, 2])(
    'refuses part %i may have a policy about hashes only if it took none before',
    async (refuses) => {
      const upload = uploadTo((operation, part) => {
        if (operation === 'CreateMultipartUploadCommand') return { UploadId: 'u' };
        if (part === refuses) throw refused(403, 'AccessDenied');
        return { ETag: '"e"' };
      });
      if (refuses === 2) await upload.send(1, Buffer.alloc(1));
      const { hint } = (await upload.send(refuses, Buffer.alloc(1)).catch((error) => error)) as {
        hint: string;
      };
      expect(hint.includes('s3:x-amz-content-sha256')).toBe(refuses === 1);
    },
  );

  it.each([
    [404, 'NoSuchUpload', true],
    [403, 'AccessDenied', true],
    [400, 'Strange', false],
  ])('answers the list after an abort with %d (%s) has no part left: %s', async (status, name, isRemoved) => {
    const upload = uploadTo((operation) => {
      if (operation === 'ListPartsCommand') throw refused(status, name);
      return { UploadId: 'u' };
    });
    await upload.open();
    expect(await upload.dismiss()).toBe(isRemoved);
  });
});
