import type { ArchiveCase } from './archive-parts.js';
import { brokenArchives } from './broken-archives.js';
import { illegalSegments } from './illegal-segments.js';
import { legalArchives } from './legal-archives.js';

/** LOGS 7 and FORMAT 8: archives, and every fault of one, each alone. */
export function archiveCases(): ArchiveCase[] {
  return [...legalArchives(), ...brokenArchives(), ...illegalSegments()];
}
