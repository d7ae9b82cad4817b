import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Recipient } from '../../../src/format/stream-header.js';
import type { KeyProvider, KeyRequest } from '../../../src/keys/provider.js';
import { rawKey } from '../../../src/keys/raw.js';
import type { EncryptOptions } from '../../../src/session/encrypt-options.js';
import { decrypt, encrypt } from '../../../src/session/one-shot.js';
import { readHeader } from '../../../src/streams/read-header.js';
import { tempFolder } from '../../support/temp-folder.js';

export const PLAINTEXT = Buffer.alloc(150_000, 'plaintext');

/** A raw key of that name. */
export function raw(name: string): KeyProvider {
  return rawKey({ name, key: Buffer.alloc(32, name) });
}

/** A key of a service that re-encrypts within a region, as KMS does, and the calls that it got. */
export interface ServiceKey extends KeyProvider {
  readonly calls: string[];
  readonly arn: string;
}

/** @param id what the provider calls itself, if it is not the ARN: an alias */
export function serviceKey(name: string, { region = 'eu-west-1', id = '' } = {}): ServiceKey {
  const arn = `arn:aws:kms:${region}:111122223333:key/${name}`;
  const base = raw(arn);
  const calls: string[] = [];
  const wrap = async (dataKey: Uint8Array, request: KeyRequest): Promise<Recipient> => ({
    ...(await base.wrap(dataKey, request)),
    provider: 'aws-kms',
  });
  const unwrap = (recipient: Recipient, request: KeyRequest) =>
    base.unwrap({ ...recipient, provider: 'raw' }, request);
  return {
    arn,
    calls,
    id: `aws-kms:${id || arn}`,
    async generate(request) {
      const { dataKey } = await base.generate(request);
      return { dataKey, recipient: await wrap(dataKey, request) };
    },
    wrap(dataKey, request) {
      calls.push('Encrypt');
      return wrap(dataKey, request);
    },
    matches: ({ provider, key }) => provider === 'aws-kms' && key === arn,
    unwrap(recipient, request) {
      calls.push('Decrypt');
      return unwrap(recipient, request);
    },
    async rewrap(from, to, request) {
      const other = to as Partial<ServiceKey>;
      if (other.arn?.split(':')[3] !== region) return undefined;
      calls.push('ReEncrypt');
      const next = await to.wrap(await unwrap(from, request), request);
      other.calls?.pop();
      return next;
    },
  };
}

/** A sealed file for these keys. */
export async function sealedFile(
  keys: readonly KeyProvider[],
  options: Omit<EncryptOptions, 'keys'> = {},
): Promise<string> {
  const path = join(await tempFolder(), 'file.sealed');
  await writeFile(path, await encrypt(PLAINTEXT, { ...options, keys }), { mode: 0o600 });
  return path;
}

/** The names of a file's recipients. */
export async function recipientsOf(path: string): Promise<string[]> {
  return (await readHeader(await readFile(path))).recipients.map(({ key }) => key);
}

/** Each of these keys opens the file, by itself. */
export async function expectOpens(
  path: string,
  keys: readonly KeyProvider[],
  encryptionContext?: Record<string, string>,
): Promise<void> {
  for (const key of keys) {
    const plaintext = await decrypt(await readFile(path), { keys: key, encryptionContext });
    expect(plaintext.equals(PLAINTEXT)).toBe(true);
  }
}

/** Work is refused, and the file is as it was, with nothing beside it. */
export async function expectRefused(
  path: string,
  work: () => Promise<unknown>,
  code: string,
): Promise<Error> {
  const before = await readFile(path);
  const error: unknown = await work().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code });
  expect((await readFile(path)).equals(before)).toBe(true);
  return error as Error;
}

/**
 * Puts another valid blob of the same key and context in a recipient's place: of another data key, as anyone can make
 * it who may encrypt under that key.
 */
export async function plant(
  path: string,
  provider: KeyProvider,
  context: Record<string, string> = {},
): Promise<void> {
  const bytes = await readFile(path);
  const { recipients } = await readHeader(bytes);
  const victim = recipients.find((one) => provider.matches(one))!;
  const other = await readHeader(
    await encrypt('another stream', { keys: provider, encryptionContext: context }),
  );
  const blob = other.recipients[0]!.wrapped;
  expect(blob.length).toBe(victim.wrapped.length);
  bytes.set(blob, bytes.indexOf(victim.wrapped));
  await writeFile(path, bytes);
}
