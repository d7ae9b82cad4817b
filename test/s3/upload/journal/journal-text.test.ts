import { describe, expect, it } from 'vitest';
import { claimLine, headLine, parseJournal } from '../../../../src/s3/upload/journal/journal-text.js';

const head = {
  bucket: 'bbb',
  key: 'a "key"\n',
  region: 'eu-west-1',
  uploadId: 'id',
  started: '2026-11-28T07:00:00.000Z',
  resume: { preamble: 'AAAA', source: '/plain', length: 7, options: 'ff' },
};
const digest = Buffer.alloc(32, 5);
const text = (...lines: string[]) => Buffer.from(lines.join(''));

describe('a journal', () => {
  it('is read as it was written', () => {
    const bytes = text(headLine(head), claimLine(1, digest), claimLine(3, digest));
    expect(parseJournal(bytes)).toEqual({
      head,
      claims: new Map([
        [1, digest.toString('hex')],
        [3, digest.toString('hex')],
      ]),
      wholeBytes: bytes.length,
      isSound: true,
    });
  });

  it('goes on behind its last whole line, wherever it was cut', () => {
    const whole = text(headLine(head), claimLine(1, digest));
    const bytes = text(whole.toString(), claimLine(2, digest));
    for (let end = whole.length; end < bytes.length; end++) {
      const cut = parseJournal(bytes.subarray(0, end))!;
      expect([cut.claims.size, cut.wholeBytes, cut.isSound]).toEqual([1, whole.length, true]);
    }
    for (let end = 0; end < headLine(head).length; end++)
      expect(parseJournal(bytes.subarray(0, end))).toBeUndefined();
  });

  it.each([
    'nonsense\n',
    '{"part":0,"claim":"00"}\n',
    `{"part":2,"claim":"${'g'.repeat(64)}"}\n`,
    `{"part":10001,"claim":"${'0'.repeat(64)}"}\n`,
    claimLine(1, digest),
    '\0\0\0\0\n',
  ])('with the line %j is not sound, and still names its upload', (line) => {
    const journal = parseJournal(text(headLine(head), claimLine(1, digest), line))!;
    expect(journal.isSound).toBe(false);
    expect(journal.head.uploadId).toBe('id');
  });

  it.each(['', 'x\n', '{}\n', '[]\n', 'null\n', '{"version":2,"bucket":"b"}\n'])(
    'that begins with %j is none',
    (line) => expect(parseJournal(text(line, claimLine(1, digest)))).toBeUndefined(),
  );
});
