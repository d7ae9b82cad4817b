import { expect, it, onTestFinished, vi } from 'vitest';
import { KeyDirectory } from '../../../src/local-kms/keys/key-directory.js';
import { exportKey } from '../../../src/local-kms/keys/key-export.js';
import { MemoryStorage } from '../../../src/local-kms/storage/memory-storage.js';

it('wipes the secrets that it has copied if a later one is missing', async () => {
  const storage = new MemoryStorage();
  const directory = new KeyDirectory(storage);
  onTestFinished(() => directory.wipe());
  const { keyId } = await directory.keys.create('');
  const { materials } = await directory.keys.rotate(keyId, () => undefined);
  await storage.remove('materials', `${materials[1]}.key`);
  const copies = vi.spyOn(directory.keys, 'copyMaterial');
  await expect(exportKey(directory, keyId)).rejects.toMatchObject({ code: 'ERR_SEALPIPE_KEY_UNAVAILABLE' });
  expect(copies).toHaveBeenCalledTimes(2);
  expect(await copies.mock.results[0]?.value).toEqual(Buffer.alloc(32));
});
