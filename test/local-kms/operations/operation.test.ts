import { expect, test, vi } from 'vitest';
import { KeyDirectory } from '../../../src/local-kms/keys/key-directory.js';
import { operation } from '../../../src/local-kms/operations/operation.js';
import type { Member } from '../../../src/local-kms/protocol/members.js';
import { flag, required, text } from '../../../src/local-kms/protocol/members.js';
import { MemoryStorage } from '../../../src/local-kms/storage/memory-storage.js';

const directory = new KeyDirectory(new MemoryStorage());

test.each([
  ['lacks a member', {}, 'ValidationException'],
  ['has a member of the wrong kind', { KeyId: 'a', DryRun: 1 }, 'SerializationException'],
])('a request that %s is refused, and its plaintext is wiped', async (_, members, name) => {
  const plaintext = Buffer.alloc(32, 7);
  const Plaintext: Member<Buffer> = { read: () => plaintext };
  const run = vi.fn(async () => ({}));
  const encrypt = operation({ Plaintext, KeyId: required(text()), DryRun: flag }, run);
  await expect(encrypt({ Plaintext: 'Bw==', ...members }, directory)).rejects.toMatchObject({ name });
  expect(plaintext).toEqual(Buffer.alloc(32));
  expect(run).not.toHaveBeenCalled();
});
