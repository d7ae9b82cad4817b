// @ts-check
/*
 * The main job, from end to end, without an AWS account: seals a log of 256 MiB under a data key of the embedded
 * KMS, looks at the sealed file, opens it again, and shows that an altered and a shortened file are refused. Then it
 * shows what sealing costs, compared with a copy of the file and with the raw cipher.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { copyFile, mkdtemp, open, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CreateAliasCommand, CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import {
  createDecryptStream,
  createEncryptStream,
  engines,
  isSealpipeError,
  openedSize,
  readHeader,
} from 'sealpipe';
import { kms } from 'sealpipe/kms';
import { createLocalKms } from 'sealpipe/local-kms';
import { compareFiles, compareMemory } from './main-job-speed.mjs';

// Without this, the AWS SDK warns on Node 20 that it will end its support for that version.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

const MIB = 2 ** 20;
const SIZE = 256 * MIB;
const encryptionContext = { purpose: 'access-log', day: '2026-11-23' };

/** Lines as a web server writes them, with no two alike. */
function* logLines() {
  const paths = ['/', '/login', '/api/orders', '/api/orders/17', '/static/app.js'];
  for (let size = 0, line = 0; size < SIZE; ) {
    const time = new Date(1_795_000_000_000 + line * 37).toISOString();
    let block = '';
    while (block.length < 64 * 1024) {
      const host = `10.${line % 251}.${line % 241}.${line % 239}`;
      block += `${time} ${host} "GET ${paths[line % paths.length]}" ${line % 97 ? 200 : 404} ${(line * 7919) % 90_001}\n`;
      line += 1;
    }
    const bytes = Buffer.from(block).subarray(0, SIZE - size);
    size += bytes.length;
    yield bytes;
  }
}

/** @param {string} file */
async function digest(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: MIB }), hash);
  return hash.digest('hex');
}

/**
 * @param {string} what
 * @param {string} file
 * @param {import('sealpipe').KeyProvider} keys
 */
async function refused(what, file, keys) {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const error = await pipeline(createReadStream(file), createDecryptStream({ keys }), nowhere).then(
    () => assert.fail(`${what} was taken for whole`),
    (reason) => reason,
  );
  assert(isSealpipeError(error), error);
  console.log(`${what}: refused with ${error.code}`);
}

const folder = await mkdtemp(join(tmpdir(), 'sealpipe-'));
const localKms = createLocalKms();
try {
  const client = new KMSClient(localKms.clientConfig);
  const { KeyMetadata } = await client.send(new CreateKeyCommand({ Description: 'main job' }));
  await client.send(new CreateAliasCommand({ AliasName: 'alias/logs', TargetKeyId: KeyMetadata?.KeyId }));
  const keys = kms({ keyId: 'alias/logs', client });

  const log = join(folder, 'access.log');
  const sealed = join(folder, 'access.log.sealed');
  const opened = join(folder, 'access.log.opened');
  console.log(`Node ${process.version}, ${engines()[0]?.suite} by the ${engines()[0]?.engine} engine`);
  await pipeline(logLines, createWriteStream(log));
  console.log(`wrote a log of ${SIZE / MIB} MiB`);
  await pipeline(
    createReadStream(log, { highWaterMark: MIB }),
    createEncryptStream({ keys, encryptionContext, expectedLength: SIZE }),
    createWriteStream(sealed),
  );

  const source = createReadStream(sealed);
  const header = await readHeader(source);
  source.destroy();
  const { size } = await stat(sealed);
  console.log(`sealed file: ${size} bytes, ${size - SIZE} of them overhead`);
  console.log(`  ${header.suite}, frames of ${header.frameSize} bytes, ${header.layout} layout`);
  console.log(`  context ${JSON.stringify(header.encryptionContext)}`);
  console.log(`  data key wrapped by ${header.recipients.map(({ key }) => key).join(', ')}`);
  assert.equal(openedSize(size, header), SIZE);

  await pipeline(
    createReadStream(sealed, { highWaterMark: MIB }),
    createDecryptStream({ keys, encryptionContext: { purpose: 'access-log' } }),
    createWriteStream(opened),
  );
  const [before, after] = [await digest(log), await digest(opened)];
  assert.equal(after, before);
  console.log(`sealed, opened again: SHA-256 before and after ${before}`);

  const flipped = join(folder, 'flipped');
  await copyFile(sealed, flipped);
  const file = await open(flipped, 'r+');
  const middle = Math.floor(size / 2);
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, middle);
  byte[0] = (byte[0] ?? 0) ^ 1;
  await file.write(byte, 0, 1, middle);
  await file.close();
  await refused('one bit flipped in the middle', flipped, keys);

  await truncate(sealed, size - 1);
  await refused('the last byte cut off', sealed, keys);
  const frame = header.frameSize + 16;
  await truncate(sealed, header.preambleSize + 1000 * frame);
  await refused('cut between two frames', sealed, keys);

  await compareFiles(SIZE, { log, copy: join(folder, 'copy'), sealed, opened }, { keys, encryptionContext });
  await compareMemory();
  client.destroy();
} finally {
  await localKms.close();
  await rm(folder, { recursive: true });
}
