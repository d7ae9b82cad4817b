// @ts-check
/*
 * `for await`: rows that are made one by one are sealed, and read back one by one. A loop that is left early
 * destroys the streams behind it.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createDecryptStream, createEncryptStream, rawKey } from 'sealpipe';

const keys = rawKey({ name: 'rows', key: randomBytes(32) });

async function* rows() {
  for (let id = 0; id < 5_000; id++) yield `${JSON.stringify({ id, name: `row ${id}` })}\n`;
}

/** @param {AsyncIterable<Uint8Array>} chunks */
async function* lines(chunks) {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}

const folder = await mkdtemp(join(tmpdir(), 'sealpipe-example-'));
const file = join(folder, 'rows.ndjson.sealed');
try {
  await pipeline(rows, createEncryptStream({ keys }), createWriteStream(file));

  let count = 0;
  await pipeline(createReadStream(file), createDecryptStream({ keys }), lines, async (found) => {
    for await (const line of found) {
      assert.equal(JSON.parse(line).id, count);
      count += 1;
    }
  });
  // Only now, after the pipeline has resolved, is it sure that no row is missing.
  assert.equal(count, 5_000);
  console.log(`read ${count} rows back`);
} finally {
  await rm(folder, { recursive: true });
}
