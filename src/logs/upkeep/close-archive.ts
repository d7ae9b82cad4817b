import type { OptionNames } from '../../options.js';
import { encryptSettings } from '../../session/encrypt-options.js';
import type { Checkpoint } from '../archive/checkpoint.js';
import { clearAfterLock, lockFolder } from '../archive/lock/writer-lock.js';
import { segmentContent } from '../archive/segment-content.js';
import { SegmentDigest } from '../archive/segment-digest.js';
import { sealedName } from '../archive/segment-name.js';
import { goOn, openArchive } from '../segments/archive-start.js';
import { prepareSegment } from '../segments/open-segment.js';
import { placeFile, withoutFolderFault } from '../segments/segment-file.js';
import type { Machine } from '../writer/open-log-writer.js';
import { thisMachine } from '../writer/open-log-writer.js';
import type { LogWriterOptions } from '../writer/options/log-options.js';
import { logSettings } from '../writer/options/log-options.js';

/** Options of {@link closeArchive}: those of a writer of the archive. */
export type CloseArchiveOptions = Pick<
  LogWriterOptions,
  | 'keys'
  | 'directory'
  | 'encryptionContext'
  | 'withholdContext'
  | 'suite'
  | 'engine'
  | 'acceptLoss'
  | 'singleWriter'
  | 'signal'
>;

/** The names of these options. */
export const CLOSE_OPTIONS: OptionNames<CloseArchiveOptions> = {
  keys: true,
  directory: true,
  encryptionContext: true,
  withholdContext: true,
  suite: true,
  engine: true,
  acceptLoss: true,
  singleWriter: true,
  signal: true,
};

const NO_RANGE = { first: 0, last: 0 };

/**
 * Closes the archive in a folder: a last, empty segment says that nothing follows. The next writer begins another archive.
 *
 * @returns the checkpoint that proves that it is whole; undefined if no archive is open
 * @throws (rejects) like `openLogWriter`; SealpipeError `ERR_SEALPIPE_LOCKED` while a writer is active
 */
export async function closeArchive(
  options: CloseArchiveOptions,
  machine: Machine = thisMachine(),
): Promise<Checkpoint | undefined> {
  const { directory, sealing, acceptLoss, singleWriter } = logSettings(options);
  const { files, processes } = machine;
  if ((await files.facts(directory)) === undefined) return undefined;
  const place = { files, processes, directory };
  const lock = await lockFolder(place, singleWriter);
  try {
    await clearAfterLock(place);
    const open = await openArchive(place);
    if (open === undefined || (open.last === undefined && open.acknowledged === undefined)) return undefined;
    const { archive, folder, index, previous } = await goOn(files, open, acceptLoss);
    const chain = { archive, index, previous, closed: true } as const;
    const settings = encryptSettings({ ...sealing, chain, content: segmentContent('stored') });
    const { session, preamble, sealed } = await prepareSegment(settings);
    session.end();
    session.frames!.finish();
    session.complete();
    session.close();
    const bytes = Buffer.concat([preamble, ...sealed]);
    await (await placeFile({ files, folder }, index, sealedName(index, NO_RANGE), bytes)).close();
    const digest = new SegmentDigest();
    digest.update(bytes);
    const { offset } = digest;
    return {
      archive: archive.toString('hex'),
      index,
      offset,
      digest: digest.digest().toString('hex'),
      records: 0,
      closed: true,
    };
  } catch (error) {
    throw withoutFolderFault(error);
  } finally {
    await lock.release();
  }
}
