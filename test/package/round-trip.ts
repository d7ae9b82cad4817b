/** The same first program in three forms: everything a newcomer touches, with a key of the caller's own. */
const BODY = `
const keys = rawKey({ name: 'mine', key: new Uint8Array(32).fill(7) });
const options = { keys, encryptionContext: { purpose: 'test' } };

async function main() {
  const chunks = [];
  await pipeline(
    Readable.from([Buffer.from('hello, '), Buffer.from('world')]),
    createEncryptStream(options),
    createDecryptStream(options),
    async (source) => { for await (const chunk of source) chunks.push(chunk); },
  );
  const opened = await decrypt(await encrypt('one shot', options), options);
  const header = await readHeader(await encrypt('', options));
  process.stdout.write([Buffer.concat(chunks).toString(), opened.toString(), header.frameSize].join('|'));
}
main().catch((error) => { process.stderr.write(String(error.stack)); process.exitCode = 1; });
`;

const NAMES = '{ createDecryptStream, createEncryptStream, decrypt, encrypt, rawKey, readHeader }';

/** What the program prints. */
export const SAID = 'hello, world|one shot|65536';

/** As an ECMAScript module. */
export const ESM = `
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import ${NAMES} from 'sealpipe';
${BODY}`;

/** As a CommonJS module. */
export const COMMONJS = `
const { Readable } = require('node:stream');
const { pipeline } = require('node:stream/promises');
const ${NAMES} = require('sealpipe');
${BODY}`;

/** As TypeScript that uses the types by name. */
export const TYPESCRIPT = `
import { createWriteStream } from 'node:fs';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createDecryptStream, createEncryptStream, encrypt, isSealpipeError, rawKey } from 'sealpipe';
import type { DecryptOptions, EncryptOptions, EncryptStream, ErrorCode, KeyProvider, StreamHeader } from 'sealpipe';

const keys: KeyProvider = rawKey({ name: 'mine', key: new Uint8Array(32) });
const sealing: EncryptOptions = { keys, encryptionContext: { purpose: 'test' } };
const opening: DecryptOptions = { keys: [keys] };

export async function run(path: string): Promise<ErrorCode | undefined> {
  const stream: EncryptStream = createEncryptStream(sealing);
  const transform: Transform = stream;
  stream.once('header', (header: StreamHeader) => header.frameSize.toFixed());
  try {
    await pipeline(Readable.from(['x']), transform, createDecryptStream(opening), createWriteStream(path));
    const sealed: Buffer = await encrypt('x', sealing);
    return sealed.length > 0 ? undefined : 'ERR_SEALPIPE_FORMAT';
  } catch (error) {
    return isSealpipeError(error) ? error.code : undefined;
  }
}

// @ts-expect-error: there is no such option
export const wrong: EncryptOptions = { keys, frameSise: 4096 };
`;

/** TypeScript over the other entries. */
export const TYPESCRIPT_ENTRIES = `
import { createEncryptStream, type KeyProvider } from 'sealpipe';
import { kms } from 'sealpipe/kms';
import { createLocalKms, type LocalKms } from 'sealpipe/local-kms';

const local: LocalKms = createLocalKms();
const keys: KeyProvider = kms({ keyId: 'alias/mine', clientConfig: local.clientConfig });
export const stream = createEncryptStream({ keys, encryptionContext: {} });

// @ts-expect-error: one of the two, not both
kms({ keyId: 'alias/mine', keySpec: 'AES_256', numberOfBytes: 32 });
`;
