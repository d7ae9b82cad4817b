// @ts-check
/*
 * AbortSignal: gives up a stream whose source does not end. What was written so far has no last frame, so no
 * reader accepts it as a whole stream. A key call that hangs is given up in the same way.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { createDecryptStream, createEncryptStream, rawKey } from 'sealpipe';

const keys = rawKey({ name: 'sensor', key: randomBytes(32) });

async function* sensor() {
  for (;;) {
    yield randomBytes(100_000);
    await sleep(10);
  }
}

const folder = await mkdtemp(join(tmpdir(), 'sealpipe-example-'));
const file = join(folder, 'sensor.sealed');
try {
  // Opened beforehand: on Node 20 a pipeline that fails does not wait until `createWriteStream(file)` has opened its file.
  const sealed = await open(file, 'w');
  const signal = AbortSignal.timeout(200);
  await assert.rejects(
    pipeline(sensor, createEncryptStream({ keys, signal }), sealed.createWriteStream()),
    (/** @type {Error} */ error) => {
      assert.equal(error.name, 'AbortError');
      assert.equal(error.cause, signal.reason);
      return true;
    },
  );
  console.log(`given up: ${signal.reason.message}`);

  await assert.rejects(pipeline(createReadStream(file), createDecryptStream({ keys }), buffer), {
    name: 'SealpipeError',
  });
  console.log('what was written is not a whole stream, and is refused');

  const never = () => new Promise(() => {});
  const silent = { id: 'silent', generate: never, wrap: never, unwrap: never, matches: () => true };
  const controller = new AbortController();
  const seal = createEncryptStream({ keys: silent, signal: controller.signal });
  setTimeout(() => controller.abort(), 50);
  await assert.rejects(pipeline(sensor, seal, buffer), { name: 'AbortError', code: 'ABORT_ERR' });
  console.log('a key call that never answers was also given up');
} finally {
  await rm(folder, { recursive: true });
}
