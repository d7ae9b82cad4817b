import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemFiles } from '../../../src/files/heads/system-files.js';
import { rawKey } from '../../../src/keys/raw.js';
import { eventually } from '../../support/eventually.js';
import { tempFolder } from '../../support/temp-folder.js';
import { keys } from '../../support/test-keys.js';
import { contentsOf, filesBelow, textOf } from '../support/archive-contents.js';
import { FaultyFiles } from '../support/faulty-files.js';
import { service } from '../support/key-service.js';
import { openWriter } from '../support/machine.js';
import { recordNonces } from '../support/nonce-recorder.js';
import { expectProof, readLines } from '../support/proved.js';

const numbered = (count: number) => Array.from({ length: count }, (_, i) => `line ${i}`);

afterEach(() => void vi.useRealTimers());

describe('a log writer that rotates', () => {
  it('begins a segment under a new key when one is full, and tells of the one before', async () => {
    const [directory, sealed] = [await tempFolder(), recordNonces()];
    const writer = await openWriter(directory, { rotate: { bytes: 4_096 }, compress: false });
    for (const line of numbered(300)) {
      writer.append(line.padEnd(100));
      await writer.flush();
    }
    await writer.end();
    const segments = await contentsOf(filesBelow(directory));
    expect(textOf(segments).map((line) => line.trim())).toEqual(numbered(300));
    expect(await readLines(directory)).toEqual(textOf(segments));
    await expectProof(directory);
    expect(segments.length).toBeGreaterThan(5);
    expect(segments.every(({ whole, size }) => whole && size < 4_096 + 1_024)).toBe(true);
    expect(sealed()).toMatchObject({ twice: [], keys: segments.length });
    for (const [i, { records }] of segments.entries()) {
      if (i > 0)
        expect(records[0]).toMatchObject({ kind: 'predecessor', index: i - 1, whole: true, loss: false });
    }
  });

  it('fetches one key ahead, at three quarters, and wipes what it does not use', async () => {
    const [directory, { state, provider }] = [await tempFolder(), service()];
    const writer = await openWriter(directory, { keys: provider, rotate: { bytes: 8_192 }, compress: false });
    writer.append('x'.repeat(3_000));
    await writer.flush();
    expect(state.calls).toBe(1);
    writer.append('x'.repeat(3_500));
    await writer.flush();
    await eventually(() => expect(state.made).toHaveLength(2));
    expect(state.made[1]!.some((byte) => byte !== 0)).toBe(true);
    await writer.end();
    expect(state.calls).toBe(2);
    expect(state.made.every((key) => key.every((byte) => byte === 0))).toBe(true);
    expect(await contentsOf(filesBelow(directory))).toHaveLength(1);
  });

  it('goes on in the open segment while no key can be had, and rotates when one can', async () => {
    const [directory, { state, provider }] = [await tempFolder(), service()];
    const writer = await openWriter(directory, { keys: provider, rotate: { bytes: 4_096 }, compress: false });
    state.isDown = true;
    for (let i = 0; i < 10; i++) {
      writer.append(`${i}`.padEnd(1_000));
      await writer.flush();
    }
    expect(await contentsOf(filesBelow(directory))).toHaveLength(1);
    state.isDown = false;
    await writer.rotate();
    writer.append('afterwards');
    await writer.end();
    const segments = await contentsOf(filesBelow(directory));
    expect(segments).toHaveLength(2);
    expect(textOf(segments).map((line) => line.trim())).toEqual([...'0123456789', 'afterwards']);
  });

  it('holds lines back at four times its size, and takes them when a key comes, or at its end', async () => {
    const [directory, { state, provider }] = [await tempFolder(), service()];
    const writer = await openWriter(directory, { keys: provider, rotate: { bytes: 4_096 }, compress: false });
    state.isDown = true;
    const flushed: Promise<void>[] = [];
    for (let i = 0; i < 24; i++) {
      writer.append(`${i}`.padEnd(1_000));
      flushed.push(writer.flush().catch(() => undefined));
      await new Promise(setImmediate);
    }
    await eventually(() => expect(writer.positions.written.records).toBeGreaterThan(10));
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(writer.positions.written.records).toBeLessThan(18);
    await writer.end();
    await Promise.all(flushed);
    const segments = await contentsOf(filesBelow(directory));
    expect(textOf(segments)).toHaveLength(24);
    expect(segments.map(({ whole }) => whole)).toEqual([true]);
  });

  it('fails to open without a key, and leaves nothing locked', async () => {
    const [directory, { state, provider }] = [await tempFolder(), service()];
    state.isDown = true;
    await expect(openWriter(directory, { keys: provider })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_UNAVAILABLE',
    });
    state.isDown = false;
    await (await openWriter(directory, { keys: provider })).end();
    expect((await contentsOf(filesBelow(directory))).map(({ index }) => index)).toEqual([0]);
  });

  it('has keys that are fetched ahead wrapped for every provider', async () => {
    const directory = await tempFolder();
    const other = rawKey({ name: 'other', key: Buffer.alloc(32, 3) });
    const writer = await openWriter(directory, {
      keys: [keys, other],
      rotate: { bytes: 4_096 },
      compress: false,
    });
    for (let i = 0; i < 20; i++) {
      writer.append('x'.repeat(1_000));
      await writer.flush();
    }
    await writer.end();
    const segments = await contentsOf(filesBelow(directory), other);
    expect(segments.length).toBeGreaterThan(2);
    expect(textOf(segments)).toHaveLength(20);
  });

  it('rotates by time, but no segment without a line', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory, { rotate: { interval: 40 }, flush: { interval: 5 } });
    await new Promise((resolve) => setTimeout(resolve, 120));
    writer.append('one');
    await eventually(async () =>
      expect([...filesBelow(directory).keys()].filter((path) => path.endsWith('.sealed'))).toHaveLength(1),
    );
    await writer.end();
    const segments = await contentsOf(filesBelow(directory));
    expect(segments.map(({ lines }) => lines.length)).toEqual([1, 0]);
  });

  it('has times that do not fall within a segment when the clock jumps', async () => {
    const directory = await tempFolder();
    const now = vi.spyOn(Date, 'now');
    const writer = await openWriter(directory, {});
    for (const time of [5_000_000, 9_000_000, 1_000_000, Number.NaN, 2_000_000]) {
      now.mockReturnValue(time);
      writer.append(`at ${time}`);
      await writer.flush();
    }
    await writer.rotate();
    now.mockReturnValue(3_000_000);
    writer.append('later');
    await writer.end();
    now.mockRestore();
    const segments = await contentsOf(filesBelow(directory));
    const times = segments.map(({ units }) =>
      units.flatMap((unit) => (unit.type === 'lines' ? [unit.first, unit.last] : [])),
    );
    expect(times).toEqual([
      [
        5_000_000, 5_000_000, 9_000_000, 9_000_000, 9_000_000, 9_000_000, 9_000_000, 9_000_000, 9_000_000,
        9_000_000,
      ],
      [expect.any(Number), expect.any(Number)],
    ]);
    expect(textOf(segments)).toHaveLength(6);
  });

  it('says that it lives while nothing comes', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory, { heartbeat: 20, flush: { interval: 1 } });
    writer.append('one');
    await eventually(async () => {
      const [open] = await contentsOf(filesBelow(directory));
      expect(open!.records.length).toBeGreaterThan(1);
      expect(open!.records).toContainEqual({ kind: 'heartbeat', records: 1 });
    });
    await writer.end();
  });

  it('counts the lines of its own segment in a heartbeat that is sealed again', async () => {
    const [directory, files] = [await tempFolder(), new FaultyFiles(systemFiles)];
    const writer = await openWriter(directory, { heartbeat: 20, flush: { interval: 1 } }, files);
    writer.append('one');
    await writer.flush();
    files.fault = ({ call, path }) =>
      call === 'datasync' && path.endsWith('000000000000.open') ? 'EIO' : undefined;
    const heartbeats = async () => {
      const [, next] = await contentsOf(filesBelow(directory));
      return next?.records.filter(({ kind }) => kind === 'heartbeat') ?? [];
    };
    await eventually(async () => expect(await heartbeats()).not.toHaveLength(0));
    await writer.end();
    expect(new Set((await heartbeats()).map((one) => 'records' in one && one.records))).toEqual(new Set([0]));
  });

  it('gives a checkpoint of what is durable', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory, { fsync: 'never' });
    for (const line of numbered(10)) writer.append(line);
    const checkpoint = await writer.checkpoint();
    expect(checkpoint).toMatchObject({ archive: writer.archive, index: 0, records: 10, closed: false });
    expect(writer.positions.durable.records).toBe(10);
    const [open] = await contentsOf(filesBelow(directory));
    expect(checkpoint.digest).toBe(open!.digest.toString('hex'));
    await expectProof(directory, checkpoint);
    await writer.end();
    await expectProof(directory, checkpoint);
    expect(await writer.checkpoint()).toMatchObject({ index: 0, records: 10 });
    expect((await contentsOf(filesBelow(directory)))[0]!.digest.toString('hex')).toBe(
      (await writer.checkpoint()).digest,
    );
  });

  it('asks no system for anything once it has ended', async () => {
    const directory = await tempFolder();
    const writer = await openWriter(directory, {}, systemFiles);
    await writer.end();
    await writer.close();
    expect(() => writer.append('more')).toThrow(expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' }));
    await expect(writer.rotate()).rejects.toMatchObject({ code: 'ERR_SEALPIPE_OPTIONS' });
  });
});
