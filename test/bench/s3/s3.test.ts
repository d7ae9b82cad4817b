import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChild } from '../../../bench/child.mjs';
import { StoreProcess } from '../../../bench/s3/store-process.mjs';

const MIB = 2 ** 20;
/** Bytes a second. */
const RATE = 20e6;
let store: StoreProcess;
beforeAll(async () => {
  store = await StoreProcess.start(RATE);
});
afterAll(() => store.stop());

const run = (kind: string, size: number) =>
  runChild('s3/upload-process.mjs', { kind, size, warmUp: 0, port: store.port, ca: store.ca });

describe('an upload of the bench', () => {
  it.each(['sealpipe', 'lib-storage'])('of %s arrives, no faster than the server takes it', async (kind) => {
    const before = await store.cpu();
    const { seconds, cpu, peak } = await run(kind, 20 * MIB);
    expect(seconds).toBeGreaterThan((0.9 * 20 * MIB) / RATE);
    expect(cpu).toBeGreaterThan(0);
    expect(peak).toBeGreaterThan(20 * MIB);
    expect(await store.cpu()).toBeGreaterThan(before);
  });

  it('of nothing costs the memory of an idle process', async () => {
    const { peak } = await run('idle', 0);
    expect(peak).toBeGreaterThan(20 * MIB);
  });
});
