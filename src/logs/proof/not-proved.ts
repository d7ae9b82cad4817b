import type { Checkpoint } from '../archive/checkpoint.js';
import type { ArchiveProof } from './verify-report.js';

/** What a proof does not prove, in words. */
export function notProvedOf(
  proof: Omit<ArchiveProof, 'notProved'>,
  checkpoint: Checkpoint | undefined,
): readonly string[] {
  const { authenticated, closed, segments, openTail, dropped, losses, checkpoint: said } = proof;
  const last = segments.at(-1);
  if (last === undefined) {
    return [
      'The archive has no segment yet: its writer was stopped before the first one was there, or all were removed',
    ];
  }
  const isMet = said?.met === true;
  const isPinned = isMet && last.segment === checkpoint?.index && last.offset === checkpoint?.offset;
  const notes: string[] = [];
  if (!authenticated) {
    notes.push(
      isMet
        ? `Without keys nothing is proved beyond the checkpoint: segment ${said.index}, ${said.offset} bytes behind its preamble`
        : 'Without keys nothing is proved: the files may agree with each other because somebody made all of them',
    );
    notes.push('The lines were not looked at');
  }
  if (!closed)
    notes.push(
      'The archive is not closed: its writer may have gone on, and what it wrote may have been removed',
    );
  if (!isPinned) {
    notes.push(
      isMet
        ? 'The archive may have been cut, or written anew by somebody who holds a data key, anywhere behind the checkpoint'
        : 'Without a checkpoint that was kept elsewhere, the archive may have been cut at its end, or written anew by somebody who holds a data key',
    );
  }
  if (!last.vouched) notes.push(`Nothing vouches for the bytes of the last segment, ${last.segment}`);
  if (openTail !== null && openTail.unread > 0) {
    notes.push(
      `${openTail.unread} bytes at the end of segment ${openTail.segment} ${openTail.damaged ? 'do not verify' : 'are no whole frame'}`,
    );
  }
  const torn = segments.filter((segment) => segment.torn !== null && segment.segment !== openTail?.segment);
  if (torn.length > 0) {
    const which = torn.map(({ segment }) => segment).join(', ');
    notes.push(`A crash cut these segments, and lines that were not acknowledged may be missing: ${which}`);
  }
  if (dropped > 0) notes.push(`${dropped} lines were dropped because their writer was full`);
  if (losses.length > 0)
    notes.push(`Lines that had been acknowledged were lost from these segments: ${losses.join(', ')}`);
  return notes;
}
