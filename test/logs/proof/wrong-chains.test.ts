import { describe, expect, it } from 'vitest';
import { ProofBuilder } from '../../../src/logs/proof/archive-proof.js';
import type { Examined } from '../../../src/logs/proof/segment-examination.js';
import { verifyArchive } from '../../../src/logs/proof/verify-archive.js';
import type { VerifyArchiveOptions } from '../../../src/logs/proof/verify-options.js';
import type { ArchiveProof } from '../../../src/logs/proof/verify-report.js';
import { tempFolder } from '../../support/temp-folder.js';
import type { ForgedSegment, ForgedUnit } from '../support/forged-archive.js';
import {
  archiveId,
  endOf,
  forgeArchive,
  forgeSegment,
  placeArchive,
  torn,
} from '../support/forged-archive.js';
import { keys, readLog } from '../support/reading.js';

const ARCHIVE = archiveId().toString('hex');
const unit = (first: number, ...lines: string[]): ForgedUnit => ({ lines, first, last: first + 9 });

async function placed(segments: readonly ForgedSegment[]): Promise<string> {
  const directory = await tempFolder();
  await placeArchive(directory, segments);
  return directory;
}

async function proofOf(
  segments: readonly ForgedSegment[],
  options: Partial<VerifyArchiveOptions> = {},
): Promise<ArchiveProof> {
  const { archives } = await verifyArchive({ directory: await placed(segments), keys, ...options });
  return archives[0]!;
}

/** An archive that goes on after it was closed. */
function continued(): ForgedSegment[] {
  const [first, closing] = forgeArchive([{ units: [unit(1, 'a')] }, { closed: true }]) as [
    ForgedSegment,
    ForgedSegment,
  ];
  return [first, closing, forgeSegment({ index: 2, previous: closing.digest, units: [unit(3, 'c')] })];
}

describe('a segment after the one that closes the archive', () => {
  it('is a problem of the archive', async () => {
    const proof = await proofOf(continued());
    expect(proof).toMatchObject({
      holds: false,
      problems: [{ segment: 2, message: expect.stringContaining('closes the archive') }],
    });
  });

  it('is a problem also if all before it was removed', async () => {
    const [, closing, after] = continued() as [ForgedSegment, ForgedSegment, ForgedSegment];
    const proof = await proofOf([after], { checkpoint: endOf(closing, 0, true) });
    expect(proof).toMatchObject({ holds: false, checkpoint: { met: false } });
  });

  it('is not read, nor anything of the closing one', async () => {
    const { lines, code, message } = await readLog(await placed(continued()));
    expect([lines, code]).toEqual([['a'], 'ERR_SEALPIPE_ARCHIVE']);
    expect(message).toContain('closes the archive');
  });
});

it('a gap is one problem: what follows it is not compared with what came before it', async () => {
  const [first, second, , last] = forgeArchive([
    { units: [unit(1, 'a')] },
    { units: [unit(2, 'b')] },
    { units: [unit(3, 'c')] },
    { units: [unit(4, 'd')] },
  ]) as [ForgedSegment, ForgedSegment, ForgedSegment, ForgedSegment];
  const proof = await proofOf([first, second, last]);
  expect(proof.gaps).toEqual([{ from: 2, to: 2 }]);
  expect(proof.problems).toEqual([
    { segment: null, code: 'ERR_SEALPIPE_ARCHIVE', message: expect.any(String) },
  ]);
});

it('the name of a fork is a problem also without another segment of its index', () => {
  const builder = new ProofBuilder(ARCHIVE, { checkpoint: undefined, stored: undefined, hasKeys: false });
  const nothing: Omit<Examined, 'name'> = {
    size: 0,
    header: undefined,
    digests: undefined,
    contents: undefined,
    torn: undefined,
    recipient: undefined,
    fault: undefined,
  };
  const named = { open: false, range: undefined } as const;
  builder.add({ ...nothing, name: { ...named, name: '000000000000', index: 0, isFork: false } });
  builder.add({ ...nothing, name: { ...named, name: '000000000001.fork-ab', index: 1, isFork: true } });
  expect(builder.build().problems).toEqual([
    { segment: 1, code: 'ERR_SEALPIPE_ARCHIVE', message: expect.stringContaining('fork') },
  ]);
});

describe('a checkpoint', () => {
  it('is not met by a segment that closes the archive if it says otherwise, nor the other way round', async () => {
    const [first, closing] = forgeArchive([{ units: [unit(1, 'a')] }, { closed: true }]) as [
      ForgedSegment,
      ForgedSegment,
    ];
    for (const options of [{}, { keys: undefined }]) {
      expect(await proofOf([first, closing], { ...options, checkpoint: endOf(closing, 0) })).toMatchObject({
        verified: false,
        checkpoint: { met: false },
      });
      expect(await proofOf([first], { ...options, checkpoint: endOf(first, 1, true) })).toMatchObject({
        verified: false,
        checkpoint: { met: false },
      });
    }
  });

  it.each([
    ['with keys', keys],
    ['without keys', undefined],
  ])('of the middle of the last segment vouches for none of what follows, %s', async (_, some) => {
    const [segment] = forgeArchive([{ units: [unit(1, 'a'), unit(2, 'b')] }]) as [ForgedSegment];
    const offset = segment.offsets[1]!;
    const { digest } = torn(segment, (stream) => stream.subarray(0, segment.preambleSize + offset));
    const checkpoint = { ...endOf(segment, 1), offset, digest };
    const proof = await proofOf([segment], { keys: some, checkpoint });
    expect(proof).toMatchObject({ verified: true, segments: [{ vouched: false }] });
    expect(proof.notProved.join('\n')).toMatch(
      /anywhere behind the checkpoint\nNothing vouches for the bytes of the last segment, 0/,
    );
    const end = await proofOf([segment], { keys: some, checkpoint: endOf(segment, 2) });
    expect(end).toMatchObject({ verified: true, segments: [{ vouched: true }] });
    expect(end.notProved.join('\n')).not.toMatch(/anywhere behind|Nothing vouches/);
  });
});

describe('a reader with a checkpoint', () => {
  const two = (): [ForgedSegment, ForgedSegment] =>
    forgeArchive([{ units: [unit(1, 'a')] }, { units: [unit(2, 'b')] }]) as [ForgedSegment, ForgedSegment];

  it.each([0, 1])('reads nothing of segment %i if that is not what the checkpoint says', async (index) => {
    const segments = two();
    const directory = await placed(segments);
    const checkpoint = endOf(segments[index]!, 1);
    expect((await readLog(directory, { checkpoint })).lines).toEqual(['a', 'b']);
    const wrong = { ...checkpoint, digest: '0'.repeat(64) };
    const { lines, code } = await readLog(directory, { checkpoint: wrong });
    expect([lines, code]).toEqual([['a'].slice(0, index), 'ERR_SEALPIPE_ARCHIVE']);
  });

  it('reads nothing if the segment of the checkpoint is missing', async () => {
    const [first, second] = two();
    const { lines, code } = await readLog(await placed([first]), { checkpoint: endOf(second, 1) });
    expect([lines, code]).toEqual([[], 'ERR_SEALPIPE_ARCHIVE']);
  });
});
