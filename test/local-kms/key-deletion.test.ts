import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KMSClient } from '@aws-sdk/client-kms';
import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  DecryptCommand,
  DescribeKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  ListAliasesCommand,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { LocalKms } from '../../src/local-kms/index.js';
import { tempFolder } from '../support/temp-folder.js';
import { filesOf } from './support/kms-files.js';
import { createKey, localClient, refusal } from './support/local-client.js';

const DAY = 86_400_000;
const PLACES = [['memory'], ['a directory']] as const;

interface Condemned {
  readonly kms: LocalKms;
  readonly client: KMSClient;
  readonly folder: string | undefined;
  readonly keyId: string;
  readonly arn: string;
  readonly blob: Uint8Array;
}

/** A key that has sealed something, and is to be deleted in seven days. */
async function condemned(place: string): Promise<Condemned> {
  const folder = place === 'memory' ? undefined : await tempFolder();
  const { kms, client } = localClient(folder);
  const { keyId, arn } = await createKey(client);
  await client.send(new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId: keyId }));
  const sealed = await client.send(new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('data') }));
  await client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: 7 }));
  return { kms, client, folder, keyId, arn, blob: sealed.CiphertextBlob! };
}

function jumpAhead(milliseconds: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + milliseconds });
}

async function materialsIn(folder: string | undefined): Promise<number> {
  return folder === undefined ? 0 : (await readdir(join(folder, 'materials'))).length;
}

afterEach(() => vi.useRealTimers());

describe('a key whose date of deletion has passed', () => {
  test.each(PLACES)('in %s is refused for use, and loses nothing by being looked at', async (place) => {
    const { client, folder, keyId, arn, blob } = await condemned(place);
    const before = await materialsIn(folder);
    jumpAhead(400 * DAY);
    const pending = { name: 'KMSInvalidStateException', status: 400, message: `${arn} is pending deletion.` };
    expect(await refusal(client.send(new DecryptCommand({ CiphertextBlob: blob })))).toEqual(pending);
    expect(await refusal(client.send(new EncryptCommand({ KeyId: keyId, Plaintext: blob })))).toEqual(
      pending,
    );
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
    expect(KeyMetadata).toMatchObject({ KeyState: 'PendingDeletion' });
    expect((await client.send(new ListKeysCommand({}))).Keys).toMatchObject([{ KeyId: keyId }]);
    expect((await client.send(new ListAliasesCommand({}))).Aliases).toMatchObject([{ AliasName: 'alias/a' }]);
    expect(await materialsIn(folder)).toBe(before);
  });

  test.each(PLACES)('in %s comes back whole when the deletion is cancelled', async (place) => {
    const { client, keyId, blob } = await condemned(place);
    jumpAhead(400 * DAY);
    await client.send(new CancelKeyDeletionCommand({ KeyId: keyId }));
    await client.send(new EnableKeyCommand({ KeyId: keyId }));
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob: blob }));
    expect(Buffer.from(Plaintext!).toString()).toBe('data');
  });

  test.each(PLACES)('in %s is gone once it is purged, with its aliases and its material', async (place) => {
    const { kms, client, folder, keyId, arn, blob } = await condemned(place);
    jumpAhead(7 * DAY + 1);
    await kms.purge('alias/a');
    // Turning the clock back does not bring it back.
    vi.useRealTimers();
    const gone = { name: 'NotFoundException', status: 400, message: `Key '${arn}' does not exist` };
    expect(await refusal(client.send(new DescribeKeyCommand({ KeyId: keyId })))).toEqual(gone);
    expect(await refusal(client.send(new CancelKeyDeletionCommand({ KeyId: keyId })))).toEqual(gone);
    expect((await client.send(new ListKeysCommand({}))).Keys).toEqual([]);
    expect((await client.send(new ListAliasesCommand({}))).Aliases).toEqual([]);
    const call = client.send(new DecryptCommand({ CiphertextBlob: blob }));
    expect((await refusal(call)).name).toBe('AccessDeniedException');
    await expect(kms.exportKey(keyId)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_KEY_NOT_FOUND' });
    expect(await materialsIn(folder)).toBe(0);
    const { keyId: next } = await createKey(client);
    await client.send(new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId: next }));
  });

  test('is gone for another process, too, which had it in memory', async () => {
    const { kms, folder, keyId, blob, client } = await condemned('a directory');
    await client.send(new CancelKeyDeletionCommand({ KeyId: keyId }));
    await client.send(new EnableKeyCommand({ KeyId: keyId }));
    const other = localClient(folder).client;
    await other.send(new DecryptCommand({ CiphertextBlob: blob }));
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: keyId, PendingWindowInDays: 7 }));
    jumpAhead(7 * DAY + 1);
    await kms.purge(keyId);
    const call = other.send(new DecryptCommand({ CiphertextBlob: blob }));
    expect((await refusal(call)).name).toBe('AccessDeniedException');
  });
});

describe('purge', () => {
  test('refuses a key before its date, one that is not to be deleted, and one that is not there', async () => {
    const { kms, client, folder, keyId, arn } = await condemned('a directory');
    const before = await materialsIn(folder);
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
    jumpAhead(7 * DAY - 10_000);
    await expect(kms.purge(keyId)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      message: `${arn} is to be kept until ${KeyMetadata!.DeletionDate!.toISOString()}.`,
    });
    await client.send(new CancelKeyDeletionCommand({ KeyId: keyId }));
    jumpAhead(400 * DAY);
    await expect(kms.purge(arn)).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      message: `${arn} is not pending deletion.`,
    });
    await expect(kms.purge('alias/none')).rejects.toMatchObject({ code: 'ERR_SEALPIPE_KEY_NOT_FOUND' });
    expect(await materialsIn(folder)).toBe(before);
  });

  test('goes on where it was killed in the middle', async () => {
    const { kms, folder, keyId } = await condemned('a directory');
    const [material] = await filesOf(folder!, ['materials']);
    const content = await readFile(material!);
    jumpAhead(7 * DAY + 1);
    await kms.purge(keyId);
    await writeFile(material!, content);
    await kms.purge(keyId);
    expect(await materialsIn(folder)).toBe(0);
  });
});
