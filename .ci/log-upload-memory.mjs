// @ts-check
// Uploads the segments that a log writer without a store left behind, and compares the peak memory of large and small
// runs: it must not grow with the size of a segment, and hardly with the number of waiting segments. The store is the
// fake S3 of the tests.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rawKey } from 'sealpipe';
import { openLogWriter } from 'sealpipe/logs';
import { innerModule } from '../scripts/inner-module.mjs';
import { MIB, mib, peakOf, reportPeak, wordsOfWork } from './peak-memory.mjs';

const LITTLE = 64;
const MUCH = 1_024;
const FEW = 200;
const MANY = 10_000;
const MAY_GROW = 24 * MIB;
/** Thousands of requests leave garbage that V8 has not collected yet; a waiting segment takes a few hundred bytes. */
const MAY_GROW_BY_MANY = 96 * MIB;
/** Milliseconds that the writer gives the uploads at its end. */
const DRAIN = 60_000;
const BUCKET = 'the-bucket';
const keys = rawKey({ name: 'slow', key: Buffer.alloc(32, 7) });

const work = wordsOfWork();
if (work === undefined) await compare(Number(process.argv[2] ?? MUCH), Number(process.argv[3] ?? MANY));
else await store(String(work[0]), JSON.parse(String(work[1])));

/** @param {number} much MiB @param {number} many segments */
async function compare(much, many) {
  const folder = mkdtempSync(join(tmpdir(), 'sealpipe-uploads-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { FakeS3 } = await import(await innerModule('test/support/s3/fake/fake-s3.ts'));
  const fake = new FakeS3();
  await fake.start();
  try {
    /** @param {(directory: string) => Promise<void>} write */
    const peak = async (write) => {
      const directory = join(folder, 'logs');
      await write(directory);
      fake.world.buckets.clear();
      fake.world.createBucket(BUCKET, 'eu-west-1');
      const found = await peakOf(import.meta.url, [directory, JSON.stringify(fake.clientConfig())]);
      assert.ok(fake.world.bucket(BUCKET).keys.size > 0);
      rmSync(directory, { recursive: true });
      return found;
    };
    compareTwo(`a segment of ${LITTLE} MiB`, `of ${much} MiB`, {
      less: await peak((directory) => writeLarge(directory, LITTLE)),
      more: await peak((directory) => writeLarge(directory, much)),
      mayGrow: MAY_GROW,
    });
    compareTwo(`a start with ${FEW} segments`, `with ${many}`, {
      less: await peak((directory) => writeMany(directory, FEW)),
      more: await peak((directory) => writeMany(directory, many)),
      mayGrow: MAY_GROW_BY_MANY,
    });
  } finally {
    await fake.close();
  }
}

/** @param {string} little @param {string} much @param {{ less: number, more: number, mayGrow: number }} peaks */
function compareTwo(little, much, { less, more, mayGrow }) {
  console.log(`peak ${mib(less)} over ${little}, ${mib(more)} ${much}`);
  assert.ok(more - less <= mayGrow, `the memory grew by ${mib(more - less)}`);
}

/** @param {string} directory @param {number} size MiB */
async function writeLarge(directory, size) {
  const writer = await openLogWriter({ keys, directory, compress: false, rotate: { bytes: 2 ** 31 } });
  const line = Buffer.alloc(MIB, 'x');
  for (let i = 0; i < size; i++) {
    writer.append(line);
    await writer.flush();
  }
  await writer.end();
}

/** @param {string} directory @param {number} segments */
async function writeMany(directory, segments) {
  const writer = await openLogWriter({ keys, directory, fsync: 'never' });
  for (let i = 0; i < segments - 1; i++) {
    writer.append(`line ${i}`);
    await writer.rotate();
  }
  await writer.end();
}

/** @param {string} directory @param {import('@aws-sdk/client-s3').S3ClientConfig} clientConfig */
async function store(directory, clientConfig) {
  const writer = await openLogWriter({
    keys,
    directory,
    store: `s3://${BUCKET}/logs`,
    clientConfig,
    drain: DRAIN,
  });
  writer.append('stored');
  await writer.end();
  reportPeak();
}
