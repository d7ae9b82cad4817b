/*
 * The acknowledgement file: how far a writer has acknowledged lines as durable. It lies beside the segments of its
 * archive, so that lost segments, or those restored from an older copy, are detected at the next start.
 */
import type { FileSystem } from '../../file-system.js';
import { parseAcknowledgement } from '../archive/checkpoint.js';
import type { SegmentPlace } from '../units/control-record.js';
import { readSector, SectorFile } from './sector-file.js';

/** The last acknowledgement: a segment and an offset in it. */
export interface Acknowledgement extends SegmentPlace {
  /** SHA-256 of the segment up to there, like the next one would name it (FORMAT 8), in hex; empty if unknown. */
  readonly digest: string;
}

/** The last acknowledgement; undefined if there is none or the file is damaged. */
export async function readAcknowledgement(
  files: FileSystem,
  folder: string,
): Promise<Acknowledgement | undefined> {
  const text = await readSector(files, folder, 'acknowledged');
  try {
    if (text === undefined) return undefined;
    const place = parseAcknowledgement(text);
    const { digest } = JSON.parse(text) as { digest?: unknown };
    return { ...place, digest: typeof digest === 'string' ? digest : '' };
  } catch {
    return undefined;
  }
}

/** Records the acknowledgements of a writer. */
export class AcknowledgementFile {
  readonly #sector: SectorFile;

  /** @param folder of the archive */
  constructor(files: FileSystem, folder: string) {
    this.#sector = new SectorFile(files, folder, 'acknowledged');
  }

  /**
   * Durable once this resolves. @throws (rejects) the error of the system; the next call then creates the file again
   */
  keep({ index, offset, records, digest }: Acknowledgement): Promise<void> {
    return this.#sector.keep({ index, offset, records, digest });
  }

  close(): Promise<void> {
    return this.#sector.close();
  }
}
