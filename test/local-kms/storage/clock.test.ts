import {
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { tempFolder } from '../../support/temp-folder.js';
import { filesOf } from '../support/kms-files.js';
import { createKey, localClient } from '../support/local-client.js';

afterEach(() => vi.useRealTimers());

describe('a clock that is wrong', () => {
  test.each([
    [-1, 'a time before 1970'],
    [2 ** 32 * 1_000, 'a time after 2105'],
  ])('at %d: nothing is written down, and the message says so', async (time, what) => {
    const directory = await tempFolder();
    const { client, kms } = localClient(directory);
    const { keyId } = await createKey(client);
    const before = await filesOf(directory);
    vi.useFakeTimers({ toFake: ['Date'], now: time });
    const wrong = {
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
      message: `The clock of this machine is wrong: it says ${what}`,
      hint: 'Set the clock',
    };
    for (const command of [
      new CreateKeyCommand({}),
      new ScheduleKeyDeletionCommand({ KeyId: keyId }),
      new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId: keyId }),
    ]) {
      await expect(client.send(command as CreateKeyCommand)).rejects.toMatchObject(wrong);
    }
    await expect(kms.purge(keyId)).rejects.toThrow('is not pending deletion');
    expect(await filesOf(directory)).toEqual(before);
  });

  test.each([[0], [2 ** 32 * 1_000 - 1]])('at %d, which can be, a key is made', async (time) => {
    vi.useFakeTimers({ toFake: ['Date'], now: time });
    const { client } = localClient();
    const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
    expect(KeyMetadata!.CreationDate!.getTime()).toBe(time);
  });

  test('does not stand in the way of opening', async () => {
    const { client } = localClient();
    const { keyId } = await createKey(client);
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId: keyId, Plaintext: Buffer.from('data') }),
    );
    vi.useFakeTimers({ toFake: ['Date'], now: -1 });
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob }));
    expect(Buffer.from(Plaintext!).toString()).toBe('data');
    expect((await client.send(new ListKeysCommand({}))).Keys).toHaveLength(1);
  });
});
