import { describe, expect, it } from 'vitest';
import { killStates } from '../../support/crash/kill-states.js';
import type { DiskState } from '../../support/crash/operations.js';
import { fakeForTests } from '../../support/s3/fake-for-tests.js';
import { sampled } from '../../support/sample.js';
import type { BucketState, CrashPlace } from '../support/recorded-store.js';
import { objectsOf } from '../support/recorded-store.js';
import { allSegments, inStore, linesOf, placeOf, StoringRun, storedBy } from '../support/storing-run.js';

const here = fakeForTests();
const MIB = 2 ** 20;
/** Of a whole run, which tries hundreds of states. */
const LONG = 600_000;

/** At most so many items, evenly: a whole run of all would take hours. */
function thinned<T>(items: readonly T[], most: number): T[] {
  const step = Math.ceil(items.length / most);
  return items.filter((_, i) => i % step === 0);
}

/** Goes on with what a crash left, and makes sure that nothing of it is lost, doubled or overwritten. */
async function expectGoesOn(run: StoringRun, place: CrashPlace, least: number): Promise<StoringRun> {
  const { disk, store } = place;
  const before = await linesOf(allSegments(disk, store));
  expect(before.length).toBeGreaterThanOrEqual(least);
  expect(before).toEqual(run.lines.slice(0, before.length));
  expectMarked(disk, store, run.archive);
  const next = new StoringRun(here, disk, store);
  await next.open();
  await next.append('afterwards');
  await next.end();
  const now = here.fake.world.bucket(here.bucket);
  expect(await linesOf(inStore(now))).toEqual([...before, 'afterwards']);
  // What was there is there as it was, under its own index: no index was used twice.
  for (const [path, bytes] of allSegments(disk, store)) {
    const key = `logs/${placeOf(path)}`;
    expect(objectsOf(now).get(key)?.equals(bytes), key).toBe(true);
  }
  const names = [...objectsOf(now).keys()].filter((key) => key.includes(next.archive));
  expect(names).toEqual(names.map((_, i) => `logs/${next.archive}/${String(i).padStart(12, '0')}`));
  expect(now.uploads.size).toBe(0);
  expect([...next.files.state.keys()].filter((path) => /\.(?:open|sealed|tmp)$/.test(path))).toEqual([]);
  return next;
}

/** Nothing is called stored that is not in the bucket. */
function expectMarked(disk: DiskState, store: BucketState, archive: string): void {
  const objects = objectsOf(store);
  for (let index = storedBy(disk, archive); index >= 0; index--) {
    expect(objects.has(`logs/${archive}/${String(index).padStart(12, '0')}`)).toBe(true);
  }
}

/** A file goes only after its object was there, was read back, and that was kept. */
async function expectOrder(run: StoringRun): Promise<void> {
  const { operations, initial } = run.files;
  const disks = [...killStates(initial, operations)];
  let removed = 0;
  for (const [after, operation] of operations.entries()) {
    if (operation.kind !== 'unlink' || !/\.(?:open|sealed)$/.test(operation.path)) continue;
    removed += 1;
    const key = `logs/${placeOf(operation.path)}`;
    const { disk } = disks[after]!;
    const made = run.store.states.find(({ state }) => state.keys.has(key))!;
    expect(made.until).toBeLessThanOrEqual(after);
    const read = run.store.reads.filter((one) => one.key === key && one.after >= made.from);
    expect(read.some((one) => one.after <= after)).toBe(true);
    expect(objectsOf(made.state).get(key)!.equals(disk.get(operation.path)!)).toBe(true);
    expect(storedBy(disk, run.archive)).toBeGreaterThanOrEqual(Number(key.slice(-12)));
  }
  expect(removed).toBeGreaterThan(0);
  for (const { stored, changes } of run.progress.filter((one) => one.stored > 0)) {
    expect((await linesOf(inStore(run.store.states[changes]!.state))).length).toBeGreaterThanOrEqual(stored);
  }
}

/** Goes on in a folder whose archive another writer has gone on with, and stops. */
async function expectForked(run: StoringRun, line: string): Promise<void> {
  const writer = await run.open();
  const forked = { code: 'ERR_SEALPIPE_ARCHIVE' };
  await run.append(line).catch((error: unknown) => expect(error).toMatchObject(forked));
  await expect(writer.end()).rejects.toMatchObject(forked);
}

/** Three segments of two lines each. */
async function threeSegments(): Promise<StoringRun> {
  const run = new StoringRun(here);
  const writer = await run.open();
  for (let i = 0; i < 6; i++) {
    await run.append(`line ${i} ${'x'.repeat(300)}`);
    await writer.flush();
    if (i % 2 === 1 && i < 5) await writer.rotate();
  }
  await run.end();
  return run;
}

describe('a log writer with a store', () => {
  it('finishes at the next start what it was killed in, at any moment', async () => {
    const run = await threeSegments();
    await expectOrder(run);
    const places = run.killed();
    expect(places.length).toBeGreaterThan(80);
    for (const place of sampled(places, 20, 'kills of a log writer with a store')) {
      await expectGoesOn(run, place, run.reached(place, 'written'));
    }
  });

  it('finishes it after a power cut, too', { timeout: LONG }, async () => {
    const run = await threeSegments();
    for (const place of sampled(thinned(run.cut(), 250), 20, 'power cuts of a log writer with a store')) {
      await expectGoesOn(run, place, run.reached(place, 'durable'));
    }
  });

  it('finishes it if it is killed again while it does', { timeout: LONG }, async () => {
    const run = await threeSegments();
    for (const place of sampled(run.killed(), 3, 'first kills of a log writer with a store')) {
      const second = await expectGoesOn(run, place, run.reached(place, 'written'));
      const found = (await linesOf(allSegments(place.disk, place.store))).concat('afterwards');
      second.lines.splice(0, second.lines.length, ...found);
      for (const again of sampled(
        thinned(second.killed(), 5),
        4,
        'second kills of a log writer with a store',
      )) {
        await expectGoesOn(second, again, found.length - 1);
      }
    }
  });

  it('finishes a segment that was going up in parts', { timeout: LONG }, async () => {
    const run = new StoringRun(here);
    const writer = await run.open();
    writer.append(Buffer.alloc(9 * MIB, 'long '));
    run.lines.push('long '.repeat(4));
    await writer.rotate();
    await run.append('short');
    await run.end();
    await expectOrder(run);
    const places = run.killed().filter(({ store }) => store.uploads.size > 0 || store.keys.size > 0);
    expect(places.some(({ store }) => [...store.uploads.values()].some(({ parts }) => parts.size > 0))).toBe(
      true,
    );
    for (const place of sampled(places, 3, 'kills of an upload in parts')) {
      await expectGoesOn(run, place, run.reached(place, 'written'));
    }
  });

  it.each(['block', 'drop'] as const)(
    'finishes it if the spool was full under `%s`',
    { timeout: LONG },
    async (onFull) => {
      const run = new StoringRun(here, undefined, undefined, { maxBytes: 4_000, onFull });
      const writer = await run.open();
      for (let i = 0; i < 24; i++) {
        await run.append(`line ${i} ${'x'.repeat(800)}`);
        if (run.lines.at(-1)?.startsWith(`line ${i} `)) await writer.flush();
      }
      if (onFull === 'drop') expect(writer.dropped).toBeGreaterThan(0);
      await run.end();
      await expectOrder(run);
      for (const place of sampled(run.killed(), 10, `kills of a log writer whose spool is full ${onFull}`)) {
        await expectGoesOn(run, place, run.reached(place, 'written'));
      }
    },
  );

  it('comes to the same fork at the next start', async () => {
    const before = new StoringRun(here);
    await before.open();
    await before.append('before');
    await before.end();
    const shared = before.store.states.at(-1)!.state;
    const common = here.fake.world.bucket(here.bucket);
    const original = new StoringRun(here, before.files.state, common);
    await original.open();
    await original.append('original');
    await original.end();
    const [disk, theirs] = [before.files.state, objectsOf(common)];
    const restored = new StoringRun(here, disk, common);
    await expectForked(restored, 'restored');
    for (const place of sampled(restored.killed(), 20, 'kills of a forked log writer')) {
      const left = await linesOf(allSegments(place.disk, shared));
      expect(left.slice(0, 2)).toEqual(['before', 'restored'].slice(0, left.length));
      expect(left.length).toBeGreaterThan(restored.reached(place, 'written'));
      const next = new StoringRun(here, place.disk, place.store);
      await expectForked(next, 'afterwards');
      const now = objectsOf(common);
      for (const [key, bytes] of theirs) expect(now.get(key)?.equals(bytes), key).toBe(true);
      const forks = [...now].filter(([key]) => !theirs.has(key));
      expect(forks.map(([key]) => key)).toEqual([
        expect.stringContaining(`${next.archive}/000000000001.fork-`),
      ]);
      const own = [...next.files.state].find(([path]) => path.includes('/000000000001'));
      expect(forks[0]![1].equals(own![1])).toBe(true);
      const found = await linesOf(allSegments(next.files.state, shared));
      expect(found.slice(0, left.length)).toEqual(left);
    }
  });
});
