import { describe, expect, it } from 'vitest';
import { FORMAT_LIMITS } from '../../../src/format/preamble.js';
import type { ArchiveStore } from '../../../src/logs/archive/archive-store.js';
import { FolderStore } from '../../../src/logs/archive/archive-store.js';
import { ProofBuilder } from '../../../src/logs/proof/archive-proof.js';
import { examine } from '../../../src/logs/proof/segment-examination.js';
import { verifyArchive } from '../../../src/logs/proof/verify-archive.js';
import type { VerifyArchiveOptions } from '../../../src/logs/proof/verify-options.js';
import type { ArchiveProof } from '../../../src/logs/proof/verify-report.js';
import { decryptSettings } from '../../../src/session/decrypt-options.js';
import { tempFolder } from '../../support/temp-folder.js';
import type { ForgedSegment, ForgedUnit } from '../support/forged-archive.js';
import { archiveId, endOf, forgeArchive, placeArchive, torn } from '../support/forged-archive.js';
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

describe('a checkpoint', () => {
  it('leaves nothing open with a checkpoint of the end', async () => {
    const segments = closedArchive().filter(({ index }) => index !== 1);
    const three = forgeArchive([{ units: [unit(1, 'a')] }, { closed: true }]);
    expect(segments).toHaveLength(3);
    const proof = await proofOf(three, { checkpoint: endOf(three[1]!, 0, true) });
    expect(proof).toMatchObject({
      verified: true,
      closed: true,
      notProved: [],
      checkpoint: { index: 1, met: true },
    });
  });

  it('does not vouch for a closing segment after it: without keys, anyone can make one', async () => {
    const segments = closedArchive();
    const proof = await proofOf(segments, { keys: undefined, checkpoint: endOf(segments[1]!, 1) });
    expect(proof).toMatchObject({ verified: true, authenticated: false, closed: false });
    expect(proof.notProved.join()).toContain('The archive is not closed');
    const closing = endOf(segments[3]!, 0, true);
    expect(await proofOf(segments, { keys: undefined, checkpoint: closing })).toMatchObject({
      verified: true,
      closed: true,
    });
    expect(await proofOf(segments, { checkpoint: endOf(segments[1]!, 1) })).toMatchObject({ closed: true });
  });

  it('of a segment that ends while it is examined is one that the archive meets later', async () => {
    const directory = await tempFolder();
    const [segment] = forgeArchive([{ units: [unit(1, 'a'), unit(2, 'b'), unit(3, 'c')] }]) as [
      ForgedSegment,
    ];
    await placeArchive(directory, [segment]);
    const cut = segment.preambleSize + segment.offsets[1]! + 7;
    const folder = new FolderStore(directory);
    let size = cut;
    let reads = 0;
    const open: ArchiveStore['open'] = async (archive, name) => {
      const source = await folder.open(archive, name);
      const read: typeof source.read = (start, end, signal) => {
        // First its preamble is read, then its digest is computed. After that, its writer ends it.
        if (end === cut && ++reads === 2) size = segment.stream.length;
        return source.read(start, end, signal);
      };
      return { ...source, size: async () => size, read, close: async () => source.close?.() };
    };
    const store: ArchiveStore = Object.assign(Object.create(folder), { open });
    const settings = decryptSettings({ keys });
    const stop = new AbortController().signal;
    const terms = { store, archive: ARCHIVE, settings, limits: FORMAT_LIMITS, stop };
    const name = folder.segmentOf(segment.name)!;
    const one = await examine(terms, name, { at: undefined, isLast: true });
    const builder = new ProofBuilder(ARCHIVE, { checkpoint: undefined, stored: undefined, hasKeys: true });
    builder.add(one);
    const { head, segments } = builder.build();
    expect(head).toEqual(endOf(segment, 3));
    expect(segments[0]!.size).toBe(segment.stream.length);
  });

  it('is never authenticated without keys, and verified only up to a checkpoint', async () => {
    const segments = closedArchive();
    const proof = await proofOf(segments, { keys: undefined });
    expect(proof).toMatchObject({
      holds: true,
      authenticated: false,
      verified: false,
      closed: true,
      keys: [],
      head: null,
    });
    expect(proof.notProved[0]).toMatch(/^Without keys nothing is proved/);
    expect(proof.segments.map(({ state, lines }) => [state, lines])).toEqual(
      segments.map(() => ['unknown', null]),
    );
    const with_ = await proofOf(segments, { keys: undefined, checkpoint: endOf(segments[2]!, 1) });
    expect(with_).toMatchObject({ verified: true, authenticated: false, checkpoint: { met: true } });
    expect(with_.notProved[0]).toMatch(/nothing is proved beyond the checkpoint: segment 2/);
    const swapped = [segments[0]!, { ...segments[1]!, stream: segments[2]!.stream }];
    expect(await proofOf(swapped, { keys: undefined })).toMatchObject({ holds: false, verified: false });
  });

  it.each([['at each frame of a segment', [0, 1, 2, 3]]])(
    'meets a checkpoint %s, with the lines before it',
    async (_, frames) => {
      const segments = closedArchive();
      for (const frame of frames) {
        const { offsets, preambleSize, stream } = segments[0]!;
        const cut = torn(segments[0]!, () => stream.subarray(0, preambleSize + offsets[frame]!));
        const records = [0, 2, 3, 3][frame]!;
        const checkpoint = {
          archive: ARCHIVE,
          index: 0,
          offset: offsets[frame]!,
          digest: cut.digest,
          records,
          closed: false,
        };
        expect(await proofOf(segments, { checkpoint })).toMatchObject({
          verified: true,
          checkpoint: { met: true },
        });
        const more = { ...checkpoint, records: records + 1 };
        expect(await proofOf(segments, { checkpoint: more })).toMatchObject({
          verified: false,
          checkpoint: { met: false },
        });
      }
    },
  );

  it('fails a checkpoint of an archive whose tail was cut, that was written anew, or of another id', async () => {
    const segments = closedArchive();
    const checkpoint = endOf(segments[3]!, 0, true);
    for (const end of [1, 2, 3]) {
      const cut = await proofOf(segments.slice(0, end), { checkpoint });
      expect(cut).toMatchObject({
        verified: false,
        problems: [{ segment: 3, code: 'ERR_SEALPIPE_ARCHIVE' }],
      });
    }
    const anew = forgeArchive([
      { units: [unit(1_000, 'a')] },
      { units: [unit(2_000, 'x')] },
      {},
      { closed: true },
    ]);
    expect(await proofOf(anew, { checkpoint })).toMatchObject({ holds: false, checkpoint: { met: false } });
    const longer = { ...endOf(segments[2]!, 1), offset: segments[2]!.offsets.at(-1)! + 1 };
    expect(await proofOf(segments, { checkpoint: longer })).toMatchObject({ holds: false });
    const directory = await tempFolder();
    await placeArchive(directory, segments);
    const another = { ...checkpoint, archive: '0'.repeat(32) };
    await expect(verifyArchive({ directory, keys, checkpoint: another })).rejects.toMatchObject({
      code: 'ERR_SEALPIPE_ARCHIVE',
    });
  });

  it('takes a checkpoint of the last segment that was removed at the front', async () => {
    const segments = closedArchive();
    const left = segments.slice(2);
    expect(await proofOf(left)).toMatchObject({ holds: false, gaps: [{ from: 0, to: 1 }] });
    const anchored = await proofOf(left, { checkpoint: endOf(segments[1]!, 1) });
    expect(anchored).toMatchObject({ verified: true, gaps: [], checkpoint: { met: true } });
    expect(await proofOf(left, { checkpoint: endOf(segments[0]!, 3) })).toMatchObject({
      holds: false,
      gaps: [{ from: 0, to: 1 }],
    });
    const wrong = { ...endOf(segments[1]!, 1), digest: '0'.repeat(64) };
    expect(await proofOf(left, { checkpoint: wrong })).toMatchObject({ holds: false });
  });
});
