// @ts-check
/*
 * The last frame withheld: a source that dies, but ends its output cleanly, looks just like one that is done. Only
 * something outside of the stream can tell: the exit status of a child (`confirm`), or a length that is known
 * beforehand (`expectedLength`). Without that confirmation the last frame is not sealed, and no reader accepts the
 * stream as whole.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createDecryptStream, createEncryptStream, rawKey } from 'sealpipe';

const keys = rawKey({ name: 'backup', key: randomBytes(32) });

/**
 * Seals the standard output of a Node program; it is whole only if the program exits with status 0.
 *
 * @param {string} program
 * @param {string} path
 */
async function sealOutput(program, path) {
  // Opened beforehand: on Node 20 a pipeline that fails does not wait until `createWriteStream(path)` has emptied the file.
  const file = await open(path, 'w');
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const succeeded = once(child, 'close').then(([status, signal]) => {
    if (status !== 0) throw new Error(`the program ended with ${signal ?? `status ${status}`}`);
  });
  await pipeline(child.stdout, createEncryptStream({ keys, confirm: succeeded }), file.createWriteStream());
}

/** @param {string} file */
const read = (file) => pipeline(createReadStream(file), createDecryptStream({ keys }), text);

const folder = await mkdtemp(join(tmpdir(), 'sealpipe-example-'));
const file = join(folder, 'dump.sealed');
try {
  await sealOutput('console.log("all the rows")', file);
  assert.equal(await read(file), 'all the rows\n');
  console.log('a program that succeeds gives a stream that opens');

  await assert.rejects(sealOutput('console.log("half the rows"); process.exitCode = 3', file), {
    code: 'ERR_SEALPIPE_CONFIRM',
    cause: new Error('the program ended with status 3'),
  });
  await assert.rejects(read(file), { cutShort: true });
  console.log('one that fails gives a stream that is refused');

  // The source promised 1,000 bytes, such as a Content-Length, and its connection was closed after 400.
  const download = await open(file, 'w');
  const seal = createEncryptStream({ keys, expectedLength: 1_000 });
  await assert.rejects(pipeline([Buffer.alloc(400)], seal, download.createWriteStream()), {
    code: 'ERR_SEALPIPE_LENGTH',
  });
  await assert.rejects(read(file), { cutShort: true });
  console.log('so does a source that gives fewer bytes than it promised');
} finally {
  await rm(folder, { recursive: true });
}
