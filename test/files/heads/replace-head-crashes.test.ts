import { describe, expect, it } from 'vitest';
import { openLocked } from '../../../src/files/heads/locked-file.js';
import { finishReplacement, journalPath, replaceHead } from '../../../src/files/heads/replace-head.js';
import type { CrashState } from '../../support/crash/crash-states.js';
import { crashStates } from '../../support/crash/crash-states.js';
import type { DiskState } from '../../support/crash/operations.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import { randomOf } from '../../support/sample.js';
import { fileOf, headOf } from './heads.js';

const NAME = '/f/a.sealed';
const OLD = headOf(1);
const NEW = headOf(2);
const REST = Buffer.alloc(700, 'r');

/** Replaces the head, from a disk that may have been cut off in the middle of that. */
async function replace(disk: DiskState): Promise<RecordedFiles> {
  const files = new RecordedFiles(disk);
  const target = await openLocked(files, NAME);
  await finishReplacement(files, target);
  await replaceHead(files, target, { old: OLD, new: NEW });
  return files;
}

async function finish(disk: DiskState): Promise<RecordedFiles> {
  const files = new RecordedFiles(disk);
  await finishReplacement(files, await openLocked(files, NAME));
  return files;
}

/** What a reader makes of a disk: the old head or the new one; or a journal that brings one of them about. */
async function expectOldOrNew(disk: DiskState): Promise<void> {
  const finished = (await finish(disk)).state;
  const content = finished.get(NAME)!;
  expect([OLD, NEW].some((head) => content.equals(fileOf(head, REST)))).toBe(true);
  expect(finished.has(journalPath(NAME))).toBe(false);
}

describe('a head that is replaced in place', () => {
  const random = randomOf('crashes of a head');

  it('survives a power cut after every operation, whatever the disk had written', async () => {
    const files = await replace(new Map([[NAME, fileOf(OLD, REST)]]));
    expect(files.state.get(NAME)).toEqual(fileOf(NEW, REST));
    let states = 0;
    for (const { disk } of crashStates(files.initial, files.operations, random)) {
      await expectOldOrNew(disk);
      states += 1;
    }
    expect(states).toBeGreaterThan(30);
  });

  it('survives another power cut while what the first one left is finished', async () => {
    const files = await replace(new Map([[NAME, fileOf(OLD, REST)]]));
    const first = [...crashStates(files.initial, files.operations, random)];
    for (const { disk } of sampled(first, 40)) {
      const again = await finish(disk);
      for (const { disk: left } of crashStates(again.initial, again.operations, random))
        await expectOldOrNew(left);
    }
  });

  it('is the new one once the run has ended', async () => {
    const files = await replace(new Map([[NAME, fileOf(OLD, REST)]]));
    const last = [...crashStates(files.initial, files.operations, random)].filter(
      ({ after }) => after === files.operations.length,
    );
    expect(last.map(({ disk }) => [...disk.keys()])).toEqual([[NAME]]);
    expect(last[0]!.disk.get(NAME)).toEqual(fileOf(NEW, REST));
  });

  it('is overwritten only when the journal is durable: every torn head has a whole journal beside it', async () => {
    const files = await replace(new Map([[NAME, fileOf(OLD, REST)]]));
    let torn = 0;
    for (const { disk } of crashStates(files.initial, files.operations, random)) {
      const head = disk.get(NAME)!.subarray(0, OLD.length);
      if (head.equals(OLD) || head.equals(NEW)) continue;
      torn += 1;
      expect(disk.has(journalPath(NAME))).toBe(true);
    }
    expect(torn).toBeGreaterThan(0);
  });
});

function sampled(states: readonly CrashState[], count: number): readonly CrashState[] {
  const step = Math.max(1, Math.floor(states.length / count));
  return states.filter((_, i) => i % step === 0);
}
