import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CreateMultipartUploadCommand, UploadPartCommand } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from 'vitest';
import { systemFiles } from '../../../../src/files/heads/system-files.js';
import { endpointOf } from '../../../../src/s3/upload/journal/endpoint.js';
import { abortRecorded, recordedUploads } from '../../../../src/s3/upload/journal/open-uploads.js';
import { UploadJournal } from '../../../../src/s3/upload/journal/upload-journal.js';
import { onlyWhere } from '../../../support/prerequisite.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { FAST, openUploads } from '../uploads.js';

const here = fakeForTests();
const never = new AbortController().signal;
let folder = '';

beforeEach(async (context) => {
  folder = join(await tempFolder(), 'uploads');
  const probe = await UploadJournal.open(join(folder, '..', 'probe'), {
    bucket: 'bbb',
    key: 'k',
    endpoint: undefined,
  });
  onlyWhere(context, probe !== undefined, 'no file locks here');
  await probe?.end();
});

/** An upload with a part, and its journal, which is still open. */
async function begun(key: string): Promise<UploadJournal> {
  const place = { Bucket: here.bucket, Key: key };
  const { UploadId } = await here.client.send(new CreateMultipartUploadCommand(place));
  await here.client.send(new UploadPartCommand({ ...place, UploadId, PartNumber: 1, Body: 'x' }));
  const endpoint = await endpointOf(here.client);
  const journal = await UploadJournal.open(folder, { bucket: here.bucket, key, endpoint });
  await journal!.begin({
    bucket: here.bucket,
    key,
    endpoint: endpoint!,
    region: 'eu-west-1',
    uploadId: UploadId!,
    started: '2026-11-28T07:00:00.000Z',
    resume: { preamble: '', source: '/data/plain', length: 1, options: '' },
  });
  await journal!.claim(1, Buffer.alloc(32, 1));
  return journal!;
}

const abort = (key: string) =>
  abortRecorded(folder, { bucket: here.bucket, key }, here.client, { signal: never, pace: FAST });

describe('the uploads on record', () => {
  it('are none where there is no folder, or none of its files is a journal', async () => {
    expect(await recordedUploads(folder)).toEqual([]);
    mkdirSync(folder);
    writeFileSync(join(folder, 'note.txt'), 'x');
    writeFileSync(join(folder, `${'0'.repeat(64)}.jsonl`), 'torn');
    expect(await recordedUploads(folder)).toEqual([]);
  });

  it('are listed, with those that are in use', async () => {
    await (await begun('left')).leave();
    const live = await begun('live');
    const listed = (await recordedUploads(folder)).sort((a, b) => a.key.localeCompare(b.key));
    expect(listed).toMatchObject([
      { bucket: here.bucket, key: 'left', source: '/data/plain', parts: 1, isInUse: false },
      { bucket: here.bucket, key: 'live', region: 'eu-west-1', isInUse: true },
    ]);
    expect(JSON.parse(JSON.stringify(listed))).toEqual(listed);
    await live.leave();
  });

  it('can be listed while an upload begins, which gets its journal', async () => {
    await (await begun('left')).leave();
    const [name] = readdirSync(folder);
    const listing = await systemFiles.open(join(folder, name!), { access: 'read-write' });
    expect(listing.lock()).toBe('locked');
    const place = { bucket: here.bucket, key: 'left', endpoint: await endpointOf(here.client) };
    const opening = UploadJournal.open(folder, place);
    await new Promise((resolve) => setTimeout(resolve, 5));
    await listing.close();
    const journal = await opening;
    expect(journal?.previous?.claims.size).toBe(1);
    await journal!.leave();
  });

  it('are removed with their parts, unless they are in use', async () => {
    await (await begun('left')).leave();
    const live = await begun('live');
    expect(await abort('left')).toBe('removed');
    expect(await abort('live')).toBe('in use');
    expect([openUploads(here), readdirSync(folder).length]).toEqual([1, 1]);
    await live.leave();
  });

  it('stay on record while the store keeps their parts', async () => {
    await (await begun('left')).leave();
    here.fake.fault(
      { on: 'AbortMultipartUpload', times: 99 },
      { kind: 'refuse', status: 403, code: 'AccessDenied' },
    );
    expect(await abort('left')).toBe('left');
    expect(await recordedUploads(folder)).toHaveLength(1);
    here.fake.clearFaults();
    expect(await abort('left')).toBe('removed');
    expect(existsSync(join(folder, 'x'))).toBe(false);
    expect(await recordedUploads(folder)).toEqual([]);
  });
});
