import type { ArchiveProof } from '../../../../logs/index.js';
import { printable } from '../../../terminal/printable.js';
import { recipientName } from '../../../terminal/recipient-names.js';
import { isoDate } from '../../sealed/inspection.js';

/** The proof of an archive as text. */
export function proofText(proof: ArchiveProof): string {
  const { archive, segments, first, last, lines, keys, gaps, forks, problems, notProved, openTail } = proof;
  const rows: (readonly [string, string])[] = [
    ['archive', archive],
    ['verdict', verdict(proof)],
    [
      'segments',
      segments.length === 0
        ? '0'
        : `${segments.length}, ${segments[0]!.segment} to ${segments.at(-1)!.segment}`,
    ],
  ];
  if (proof.authenticated) rows.push(['lines', String(lines)]);
  if (first !== null && last !== null) rows.push(['times', `${timeText(first)} to ${timeText(last)}`]);
  for (const { from, to } of gaps)
    rows.push(['missing', from === to ? `segment ${from}` : `segments ${from} to ${to}`]);
  for (const { segment, names } of forks) rows.push(['fork', `segment ${segment}: ${names.join(', ')}`]);
  if (openTail !== null)
    rows.push(['open end', `segment ${openTail.segment}, ${openTail.offset} bytes after its header`]);
  if (proof.checkpoint !== null) {
    const { index, offset, met } = proof.checkpoint;
    rows.push([
      'checkpoint',
      `${met ? 'met' : 'NOT MET'}: segment ${index}, ${offset} bytes after its header`,
    ]);
  }
  for (const { provider, key, segments: count } of keys) {
    rows.push([
      'key',
      `${recipientName({ provider, key, wrapped: new Uint8Array(0) })}, ${count} ${count === 1 ? 'segment' : 'segments'}`,
    ]);
  }
  for (const { segment, message } of problems) {
    rows.push(['problem', segment === null ? message : `segment ${segment}: ${message}`]);
  }
  for (const note of notProved) rows.push(['not proved', note]);
  return rows.map(([name, value]) => `${name.padEnd(12)}${printable(value)}\n`).join('');
}

function verdict({ holds, verified, authenticated, closed, openTail }: ArchiveProof): string {
  if (!holds) return 'DOES NOT HOLD';
  if (!verified) return 'not verified';
  if (openTail?.damaged) return 'verified, but for the end, which is damaged';
  const end = closed ? 'closed' : 'open';
  return authenticated ? `verified, ${end}` : `verified up to the checkpoint, ${end}`;
}

function timeText(time: number): string {
  return isoDate(time) ?? String(time);
}
