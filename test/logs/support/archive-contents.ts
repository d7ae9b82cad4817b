import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PreambleReader } from '../../../src/format/preamble.js';
import type { StreamHeader } from '../../../src/format/stream-header.js';
import { RecordOpener } from '../../../src/frames/openers/record-opener.js';
import type { KeyProvider } from '../../../src/keys/provider.js';
import { checkSegment } from '../../../src/logs/archive/segment-content.js';
import { SegmentDigest } from '../../../src/logs/archive/segment-digest.js';
import { parseSegmentName } from '../../../src/logs/archive/segment-name.js';
import type { ControlRecord } from '../../../src/logs/units/control-record.js';
import { LineJoiner } from '../../../src/logs/units/line-joiner.js';
import type { Unit } from '../../../src/logs/units/unit.js';
import { decodeUnit } from '../../../src/logs/units/unit.js';
import { decryptSettings } from '../../../src/session/decrypt-options.js';
import { OpenSession } from '../../../src/session/open-session.js';
import type { DiskState } from '../../support/crash/operations.js';
import { keys as testKeys } from '../../support/test-keys.js';

/** What a segment was found to hold, read from its first frame on. */
export interface SegmentContents {
  readonly name: string;
  readonly index: number;
  readonly header: StreamHeader;
  readonly lines: readonly Buffer[];
  readonly records: readonly ControlRecord[];
  readonly units: readonly Unit[];
  /** Whether it has a verified last frame, and nothing behind it. */
  readonly whole: boolean;
  readonly digest: Buffer;
  readonly size: number;
}

/** The files of a folder on the disk, as the crash twin has them. */
export function filesBelow(directory: string): DiskState {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true });
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [path, readFileSync(path)]),
  );
}

/**
 * Every segment of the archives among some files, in the order of archive and index: each must be chained to the one
 * before, as a reader demands it.
 */
export async function contentsOf(files: DiskState, keys: KeyProvider = testKeys): Promise<SegmentContents[]> {
  const paths = [...files.keys()].flatMap((path) => {
    const [name = '', archive = ''] = path.split('/').reverse();
    const parsed = parseSegmentName(name);
    return parsed === undefined ? [] : [{ path, archive, ...parsed }];
  });
  paths.sort((a, b) => (a.archive === b.archive ? a.index - b.index : a.archive < b.archive ? -1 : 1));
  const found: SegmentContents[] = [];
  let before: { readonly archive: string; readonly digest: Buffer; readonly index: number } | undefined;
  for (const { path, archive, name, index } of paths) {
    const segment = await segmentOf(files.get(path)!, keys, name, index);
    const { chain } = segment.header;
    if (Buffer.from(chain!.archive).toString('hex') !== archive || chain!.index !== index) {
      throw new Error(`${path} is not what its name says`);
    }
    if (before?.archive === archive) {
      if (before.index === index) throw new Error(`two segments ${index}`);
      const isNext = before.index + 1 === index;
      if (isNext && !before.digest.equals(chain!.previous)) throw new Error(`${path} does not follow`);
    }
    before = { archive, digest: segment.digest, index };
    found.push(segment);
  }
  return found;
}

/** The lines of these segments as text. */
export function textOf(segments: readonly SegmentContents[]): string[] {
  return segments.flatMap(({ lines }) => lines.map((line) => line.toString()));
}

async function segmentOf(
  bytes: Buffer,
  keys: KeyProvider,
  name: string,
  index: number,
): Promise<SegmentContents> {
  const digest = new SegmentDigest(createHash('sha256'));
  digest.update(bytes);
  const { taken, preamble } = new PreambleReader().take(bytes, 0);
  if (preamble === undefined) throw new Error(`${name} has no whole preamble`);
  const { coding } = checkSegment(preamble.header);
  const settings = decryptSettings({ keys });
  const session = new OpenSession(settings, (cipher, layout) =>
    Object.assign(new RecordOpener(cipher, layout)),
  );
  const opener = await session.unlock(preamble);
  let place = { index: 0, offset: taken, plaintext: 0 };
  const units: Unit[] = [];
  let whole = false;
  while (!whole && place.offset < bytes.length) {
    const length = opener.lengthAt(bytes, place.offset);
    if (length === undefined || place.offset + length > bytes.length) break;
    const run = opener.open(place, bytes.subarray(place.offset, place.offset + length));
    if (run.fault !== undefined) break;
    if (run.isFinal) whole = run.next.offset === bytes.length && run.plaintext.length === 0;
    else units.push(decodeUnit(run.plaintext, coding));
    place = run.next;
    if (run.isFinal) break;
  }
  session.close();
  const joiner = new LineJoiner();
  const lines = units.flatMap((unit) => (unit.type === 'lines' ? joiner.take(unit).lines : []));
  const records = units.flatMap((unit) => (unit.type === 'control' && unit.record ? [unit.record] : []));
  return {
    name,
    index,
    header: preamble.header,
    lines,
    records,
    units,
    whole,
    digest: digest.digest(),
    size: bytes.length,
  };
}
