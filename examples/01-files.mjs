// @ts-check
/*
 * Files: seals a file under your own key, opens it again, and shows that a shortened copy is refused.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createDecryptStream, createEncryptStream, rawKey } from 'sealpipe';

// 32 random bytes; keep them as safe as the data: `rawKey({ name: 'backup-2026', key: await readFile(path) })`.
const keys = rawKey({ name: 'backup-2026', key: randomBytes(32) });

const folder = await mkdtemp(join(tmpdir(), 'sealpipe-example-'));
const [plain, sealed, opened] = [
  join(folder, 'db.dump'),
  join(folder, 'db.sealed'),
  join(folder, 'db.opened'),
];
try {
  await writeFile(plain, randomBytes(3_000_000));

  await pipeline(createReadStream(plain), createEncryptStream({ keys }), createWriteStream(sealed));
  await pipeline(createReadStream(sealed), createDecryptStream({ keys }), createWriteStream(opened));

  assert.deepEqual(await readFile(opened), await readFile(plain));
  const { size } = await stat(sealed);
  console.log(`sealed 3000000 bytes into ${size}, and opened them again`);

  await truncate(sealed, size - 1_000_000);
  await assert.rejects(
    pipeline(createReadStream(sealed), createDecryptStream({ keys }), createWriteStream(opened)),
    { name: 'SealpipeError', cutShort: true },
  );
  console.log('a file cut short was refused');
} finally {
  await rm(folder, { recursive: true });
}
