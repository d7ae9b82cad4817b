// @ts-check
/*
 * `await using`: a stream that goes out of scope before it has ended is destroyed, and so has no last frame. The syntax
 * needs Node 24; TypeScript compiles it for older ones.
 */
import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { createDecryptStream, createEncryptStream } from 'sealpipe';
import { kms } from 'sealpipe/kms';
import { createLocalKms } from 'sealpipe/local-kms';

await using localKms = createLocalKms();
const client = new KMSClient(localKms.clientConfig);
const { KeyMetadata } = await client.send(new CreateKeyCommand({}));
using keys = kms({ keyId: KeyMetadata?.Arn ?? '', clientConfig: localKms.clientConfig });

/**
 * @param {AsyncIterable<string>} lines
 * @param {string} path
 */
async function sealLines(lines, path) {
  // They are disposed of in reverse: the stream is destroyed, and then the file is closed. Nothing writes to it later.
  await using file = await open(path, 'w');
  await using log = createEncryptStream({ keys, layout: 'record' });
  const write = async () => {
    for await (const line of lines) {
      log.write(line);
      await log.flush();
    }
    log.end();
  };
  await Promise.all([write(), pipeline(log, file.createWriteStream())]);
}

/** @param {string} [failure] */
async function* lines(failure) {
  yield 'order 17 came in\n';
  if (failure !== undefined) throw new Error(failure);
  yield 'the shop is closed\n';
}

/** @param {string} file */
const read = (file) => pipeline(createReadStream(file), createDecryptStream({ keys }), text);

const folder = await mkdtemp(join(tmpdir(), 'sealpipe-example-'));
const file = join(folder, 'orders.log.sealed');
try {
  await sealLines(lines(), file);
  assert.equal(await read(file), 'order 17 came in\nthe shop is closed\n');
  console.log('a log that was ended opens');

  await assert.rejects(sealLines(lines('the power failed'), file), { message: 'the power failed' });
  await assert.rejects(read(file), { cutShort: true });
  console.log('one whose writer failed was destroyed, and is refused');
} finally {
  await rm(folder, { recursive: true });
}
