import type { ContentHints, StreamHeader } from '../../format/stream-header.js';
import type { Coding } from '../units/coding.js';
import { assertDecompressible } from '../units/coding.js';
import { illegal, tooNew } from '../units/unit-faults.js';

const TYPE = 'application/vnd.sealpipe.log';
/** The version of LOGS.md. */
const VERSIONED = `${TYPE}; version=1`;

/** The content of a segment according to its preamble; `coding` is the coding of its units besides `stored`. */
export function segmentContent(coding: Coding): ContentHints {
  return coding === 'stored' ? { type: VERSIONED } : { type: VERSIONED, encoding: coding };
}

/** The header of a segment. */
export type SegmentHeader = StreamHeader & { readonly chain: NonNullable<StreamHeader['chain']> };

/**
 * Checks, before any key call, that a stream is a segment that this release and this Node can read.
 *
 * @returns its header, and the coding of its units besides `stored`
 * @throws SealpipeError `ERR_SEALPIPE_FORMAT` or `_UNSUPPORTED`
 */
export function checkSegment(header: StreamHeader): {
  readonly header: SegmentHeader;
  readonly coding: Coding;
} {
  const { content, layout, chain } = header;
  const { type, encoding } = content ?? {};
  if (type !== VERSIONED) {
    if (type?.startsWith(`${TYPE};`)) throw tooNew('a version');
    throw illegal('its preamble does not say that it is one');
  }
  if (layout !== 'record') throw illegal('its layout is not that of records');
  if (chain === undefined) throw illegal('it has no place in an archive');
  return { header: { ...header, chain }, coding: codingOf(encoding) };
}

function codingOf(encoding: string | undefined): Coding {
  if (encoding === undefined) return 'stored';
  if (encoding !== 'gzip' && encoding !== 'zstd') throw tooNew('a compression');
  assertDecompressible(encoding);
  return encoding;
}
