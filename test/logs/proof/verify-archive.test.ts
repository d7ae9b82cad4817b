import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rawKey } from '../../../src/keys/raw.js';
import { parseCheckpoint } from '../../../src/logs/archive/checkpoint.js';
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
import { keys } from '../support/reading.js';

const unit = (first: number, ...lines: string[]): ForgedUnit => ({ lines, first, last: first + 9 });
const ARCHIVE = archiveId().toString('hex');

function closedArchive(): ForgedSegment[] {
  const gzip = { coding: 'gzip', level: 1 } as const;
  const dropped = { kind: 'drop', lines: 7, bytes: 70, first: 1_500, last: 1_600 } as const;
  return forgeArchive([
    { units: [unit(1_000, 'a', 'b'), unit(1_010, 'c')] },
    { units: [unit(2_000, 'd'), { control: dropped, time: 2_050 }], compression: gzip },
    { units: [unit(3_000, 'e')] },
    { closed: true },
  ]);
}

async function proofOf(
  segments: readonly Pick<ForgedSegment, 'name' | 'stream'>[],
  options: Partial<VerifyArchiveOptions> = {},
): Promise<ArchiveProof> {
  const directory = await tempFolder();
  await placeArchive(directory, segments);
  const report = await verifyArchive({ directory, keys, ...options });
  expect(report.archives).toHaveLength(1);
  expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  return report.archives[0]!;
}

describe('the proof of an archive', () => {
  it('says what was authenticated, and what an archive that is closed leaves open', async () => {
    const segments = closedArchive();
    const proof = await proofOf(segments);
    expect(proof).toMatchObject({
      archive: ARCHIVE,
      holds: true,
      authenticated: true,
      verified: true,
      closed: true,
      lines: 5,
      dropped: 7,
      first: 1_000,
      last: 3_009,
      gaps: [],
      forks: [],
      openTail: null,
      keys: [{ provider: 'raw', key: 'vectors', segments: 4 }],
      checkpoint: null,
      problems: [],
      head: endOf(segments[3]!, 0, true),
    });
    expect(
      proof.segments.map(({ state, lines, vouched, digest }) => [state, lines, vouched, digest]),
    ).toEqual([
      ['whole', 3, true, segments[0]!.digest],
      ['whole', 1, true, segments[1]!.digest],
      ['whole', 1, true, segments[2]!.digest],
      ['closed', 0, false, segments[3]!.digest],
    ]);
    expect(proof.segments[0]).toMatchObject({
      named: { first: 1_000, last: 1_019 },
      created: 1_767_225_600_000,
      size: segments[0]!.stream.length,
      first: 1_000,
      last: 1_019,
    });
    expect(proof.notProved).toEqual([
      expect.stringMatching(/^Without a checkpoint/),
      expect.stringMatching(/last segment, 3$/),
      expect.stringMatching(/^7 lines were dropped/),
    ]);
  });

  it('holds with an open tail, names it, and gives a head that covers what verified', async () => {
    const segments = closedArchive().slice(0, 3);
    const { preambleSize, offsets } = segments[2]!;
    segments[2] = torn(segments[2]!, (stream) => stream.subarray(0, preambleSize + offsets[1]! + 5));
    const proof = await proofOf(segments);
    const openTail = { segment: 2, offset: offsets[1], unread: 5, damaged: false };
    expect(proof).toMatchObject({ verified: true, closed: false, openTail, problems: [] });
    expect(proof.head).toMatchObject({ index: 2, offset: offsets[1], records: 1, closed: false });
    const checkpoint = parseCheckpoint(JSON.stringify(proof.head));
    const later = await proofOf(closedArchive(), { checkpoint });
    expect(later).toMatchObject({ verified: true, checkpoint: { met: true } });
  });

  it('reports a torn segment that its successor vouches for, and lines that were lost', async () => {
    const first = torn(closedArchive()[0]!, (stream) =>
      Buffer.concat([stream.subarray(0, -60), Buffer.alloc(90)]),
    );
    const acknowledged = { index: 0, offset: 9_000, records: 9 };
    const loss = {
      kind: 'predecessor',
      index: 0,
      offset: 1,
      whole: false,
      acknowledged,
      loss: true,
    } as const;
    const second = forgeSegment({ index: 1, previous: first.digest, units: [{ control: loss, time: 9 }] });
    const proof = await proofOf([first, second]);
    expect(proof).toMatchObject({ verified: true, losses: [0], lines: 3 });
    expect(proof.segments[0]).toMatchObject({ state: 'torn', vouched: true, torn: { damaged: true } });
    expect(proof.notProved.join('\n')).toMatch(/may be missing: 0\n.*lost from these segments: 0/);
  });

  it('looks at every segment although one is refused', async () => {
    const segments = closedArchive();
    const damaged = {
      ...segments[1]!,
      stream: Buffer.concat([Buffer.from('x'), segments[1]!.stream.subarray(1)]),
    };
    const proof = await proofOf([segments[0]!, damaged, segments[2]!, segments[3]!]);
    expect(proof).toMatchObject({ holds: false, authenticated: false, verified: false, lines: 4 });
    expect(proof.problems.map(({ segment, code }) => [segment, code])).toEqual([
      [1, 'ERR_SEALPIPE_FORMAT'],
      [2, 'ERR_SEALPIPE_ARCHIVE'],
    ]);
  });

  it('reports a time index that does not say what the units do', async () => {
    const { encodeIndexUnit } = await import('../../../src/logs/units/unit.js');
    const right = { frame: 0, offset: 0, records: 0, first: 1_000, last: 1_009 };
    for (const [entry, records] of [
      [right, 1],
      [{ ...right, last: 1_008 }, 2],
      [{ ...right, first: 999 }, 2],
    ] as const) {
      const raw = encodeIndexUnit({ records, entries: [entry] });
      const segment = forgeSegment({ index: 0, units: [unit(1_000, 'a', 'b'), { raw }], indexed: false });
      const proof = await proofOf([segment]);
      expect(proof).toMatchObject({ holds: false, problems: [{ segment: 0, code: 'ERR_SEALPIPE_FORMAT' }] });
    }
  });

  it('fails for keys that open nothing, and for options that are not its own', async () => {
    const directory = await tempFolder();
    await placeArchive(directory, closedArchive());
    const others = rawKey({ name: 'another', key: Buffer.alloc(32, 1) });
    await expect(verifyArchive({ directory, keys: others })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_KEY_MISMATCH',
    });
    const wrong = [
      { key: keys },
      { keys: undefined, engine: 'node' },
      { signal: 1 },
      { checkpoint: 1 },
      { onProgress: 1 },
    ];
    for (const options of wrong) {
      await expect(verifyArchive({ directory, keys, ...options } as never)).rejects.toMatchObject({
        code: expect.stringMatching(/^ERR_SEALPIPE_(OPTIONS|FORMAT)$/),
      });
    }
    const { encryptionContext } = { encryptionContext: { tenant: 'a' } };
    const [proof] = (await verifyArchive({ directory, keys, encryptionContext })).archives;
    expect(proof!.problems[0]).toMatchObject({ code: 'ERR_SEALPIPE_CONTEXT' });
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(verifyArchive({ directory, keys, signal })).rejects.toMatchObject({ name: 'AbortError' });
    await rm(join(directory, ARCHIVE), { recursive: true });
    await expect(verifyArchive({ directory, keys })).rejects.toMatchObject({ code: 'ERR_SEALPIPE_ARCHIVE' });
  });

  it('says plainly that an archive has no segment yet, and goes on with the others', async () => {
    const directory = await tempFolder();
    await placeArchive(directory, closedArchive());
    const empty = '0'.repeat(32);
    await mkdir(join(directory, empty));
    const report = await verifyArchive({ directory, keys });
    expect(report).toMatchObject({ verified: false, authenticated: false, closed: false });
    expect(report.archives).toMatchObject([
      {
        archive: empty,
        holds: true,
        verified: false,
        closed: false,
        segments: [],
        head: null,
        notProved: [expect.stringContaining('has no segment yet')],
      },
      { archive: ARCHIVE, verified: true, closed: true },
    ]);
    const checkpoint = {
      archive: empty,
      index: 0,
      offset: 0,
      digest: '0'.repeat(64),
      records: 0,
      closed: false,
    };
    const [proof] = (await verifyArchive({ directory, keys, checkpoint })).archives;
    expect(proof).toMatchObject({ holds: false, problems: [{ code: 'ERR_SEALPIPE_ARCHIVE' }] });
  });
});
