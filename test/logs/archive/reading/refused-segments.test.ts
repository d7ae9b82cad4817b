import { describe, expect, it } from 'vitest';
import { FolderStore } from '../../../../src/logs/archive/archive-store.js';
import { OpenedSegment } from '../../../../src/logs/archive/reading/opened-segment.js';
import { assertTorn } from '../../../../src/logs/archive/reading/torn-check.js';
import { encodeIndexUnit } from '../../../../src/logs/units/unit.js';
import { decryptSettings } from '../../../../src/session/decrypt-options.js';
import { tempFolder } from '../../../support/temp-folder.js';
import { watched } from '../../../support/watched-provider.js';
import type { ForgedSegment, ForgedUnit } from '../../support/forged-archive.js';
import { archiveId, forgeSegment, placeArchive, torn } from '../../support/forged-archive.js';
import { keys, readLog } from '../../support/reading.js';

const unit = (first: number, ...lines: string[]): ForgedUnit => ({ lines, first, last: first });
const index = encodeIndexUnit({
  records: 1,
  entries: [{ frame: 0, offset: 0, records: 0, first: 1, last: 1 }],
});

async function placed(segment: Pick<ForgedSegment, 'name' | 'stream'>): Promise<string> {
  const directory = await tempFolder();
  await placeArchive(directory, [segment]);
  return directory;
}

describe('a segment is refused', () => {
  it.each<[string, string, readonly string[], () => ForgedSegment]>([
    [
      'with plaintext, if it closes the archive',
      'FORMAT',
      [],
      () => forgeSegment({ index: 0, closed: true, units: [unit(1, 'a')] }),
    ],
    [
      'with plaintext in its last frame',
      'FORMAT',
      ['a'],
      () => forgeSegment({ index: 0, units: [unit(1, 'a')], finalText: Buffer.from('b') }),
    ],
    [
      'with a unit after its time index',
      'FORMAT',
      ['a'],
      () => forgeSegment({ index: 0, units: [unit(1, 'a'), { raw: index }, unit(2, 'b')], indexed: false }),
    ],
    [
      'with bytes after its last frame',
      'TRAILING_DATA',
      ['a'],
      () => {
        const segment = forgeSegment({ index: 0, units: [unit(1, 'a')] });
        return { ...segment, stream: Buffer.concat([segment.stream, Buffer.alloc(1)]) };
      },
    ],
  ])('%s (ERR_SEALPIPE_%s), after the lines before that', async (_, code, before, forge) => {
    const { lines, code: failed } = await readLog(await placed(forge()));
    expect([lines, failed]).toEqual([before, `ERR_SEALPIPE_${code}`]);
  });

  it.each([
    ['of another archive', forgeSegment({ index: 0, archive: 'another', units: [unit(1, 'a')] })],
    ['of another index', { ...forgeSegment({ index: 1, units: [unit(1, 'a')] }), name: '000000000000.open' }],
  ])('%s, before any key is asked for', async (_, segment) => {
    const { provider, calls } = watched(keys);
    const { lines, code } = await readLog(await placed(segment), { keys: provider });
    expect([lines, code, calls]).toEqual([[], 'ERR_SEALPIPE_ARCHIVE', []]);
  });
});

it('a torn segment is one only if its successor vouches for exactly these bytes, and it ends there', async () => {
  const whole = forgeSegment({ index: 0, units: [unit(1, 'a'), unit(2, 'b')] });
  const cut = torn(whole, (stream) => stream.subarray(0, whole.preambleSize + whole.offsets[1]! + 9));
  const store = new FolderStore(await placed(cut));
  const archive = archiveId().toString('hex');
  const name = store.segmentOf(cut.name)!;
  const segment = await OpenedSegment.open(store, archive, name, decryptSettings({ keys }));
  const end = { offset: whole.offsets[1]!, unread: 9, damaged: false };
  const vouched = Buffer.from(cut.digest, 'hex');
  await assertTorn(segment, end, vouched);
  const changed = { code: 'ERR_SEALPIPE_CHANGED', retryable: true };
  await expect(assertTorn(segment, end, Buffer.from(whole.digest, 'hex'))).rejects.toMatchObject(changed);
  await expect(assertTorn(segment, { ...end, offset: 0 }, vouched)).rejects.toMatchObject(changed);
  await segment.close();
});
