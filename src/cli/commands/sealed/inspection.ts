import type { ChainLink, StreamHeader } from '../../../index.js';
import { openedSize } from '../../../index.js';
import { printableJson, quoted } from '../../terminal/printable.js';
import { recipientName } from '../../terminal/recipient-names.js';
import { formatBytes, formatSize } from '../../terminal/units.js';

export const WARNING = 'Nothing here is authentic until the stream has been opened.';
const MILLISECONDS = 1_000;
const LAST_DATE = 8.64e15;

/** The header of a stream for programs: these keys are stable. `size` is that of a regular file. */
export function inspectionJson(header: StreamHeader, size: number | undefined): string {
  const { version, suite, frameSize, layout, encryptionContext, content, chain, recipients } = header;
  const report = {
    authentic: false,
    version,
    suite,
    frameSize,
    layout,
    created: isoDate(header.created) ?? null,
    createdSeconds: header.created / MILLISECONDS,
    encryptionContext,
    contentType: content?.type ?? null,
    contentEncoding: content?.encoding ?? null,
    chain:
      chain === undefined
        ? null
        : { ...chainTexts(chain), index: chain.index, closed: chain.closed === true },
    recipients: recipients.map(({ provider, key, wrapped }) => ({
      provider,
      key,
      wrappedSize: wrapped.length,
    })),
    salt: hex(header.salt),
    commitment: hex(header.commitment),
    preambleSize: header.preambleSize,
    sealedSize: size ?? null,
    plaintextSize: plaintextSize(header, size) ?? null,
  };
  return `${printableJson(report)}\n`;
}

/** The same as text. */
export function inspectionText(header: StreamHeader, size: number | undefined): string {
  const { version, suite, frameSize, layout, encryptionContext, content, chain, recipients } = header;
  const rows: (readonly [string, string])[] = [
    ['version', String(version)],
    ['suite', suite],
    ['frames', `${formatSize(frameSize)}, ${layout} layout`],
    [
      'created',
      isoDate(header.created) ?? `${header.created / MILLISECONDS} s after 1970, which is not a valid date`,
    ],
  ];
  if (encryptionContext === null) rows.push(['context', 'withheld']);
  else if (Object.keys(encryptionContext).length === 0) rows.push(['context', 'empty']);
  for (const [name, value] of Object.entries(encryptionContext ?? {})) {
    rows.push(['context', `${quoted(name)} = ${quoted(value)}`]);
  }
  if (content?.type !== undefined) rows.push(['content type', quoted(content.type)]);
  if (content?.encoding !== undefined) rows.push(['content encoding', quoted(content.encoding)]);
  if (chain !== undefined) {
    const { archive, previous } = chainTexts(chain);
    rows.push(['archive', `${archive}, segment ${chain.index}${chain.closed ? ', which closes it' : ''}`]);
    rows.push(['segment before', previous]);
  }
  for (const recipient of recipients) rows.push(['recipient', quoted(recipientName(recipient)).slice(1, -1)]);
  rows.push(['header', formatBytes(header.preambleSize)], ...sizeRows(header, size));
  const width = Math.max(...rows.map(([name]) => name.length)) + 2;
  return [WARNING, '', ...rows.map(([name, value]) => `${name.padEnd(width)}${value}`), ''].join('\n');
}

function sizeRows(header: StreamHeader, size: number | undefined): [string, string][] {
  if (size === undefined) return [];
  const whole: [string, string] = ['sealed', formatBytes(size)];
  if (header.layout !== 'fixed') return [whole];
  const plaintext = plaintextSize(header, size);
  if (plaintext === undefined)
    return [
      whole,
      ['plaintext', 'unknown: no complete stream has this size, so it was cut short or added to'],
    ];
  return [whole, ['plaintext', `${formatBytes(plaintext)}, if the stream is complete`]];
}

/** The size of the plaintext, from that of the file: a claim, or undefined if no stream has that size. */
export function plaintextSize(header: StreamHeader, size: number | undefined): number | undefined {
  if (size === undefined || header.layout !== 'fixed') return undefined;
  try {
    return openedSize(size, header);
  } catch {
    return undefined;
  }
}

function chainTexts({ archive, previous }: ChainLink): { archive: string; previous: string } {
  return { archive: hex(archive), previous: hex(previous) };
}

/** A stream may claim a number of seconds that a Date cannot hold. */
export function isoDate(milliseconds: number): string | undefined {
  return milliseconds <= LAST_DATE ? new Date(milliseconds).toISOString() : undefined;
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
