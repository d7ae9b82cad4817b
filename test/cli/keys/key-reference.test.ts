import { describe, expect, it } from 'vitest';
import { parseAlias, parseKey } from '../../../src/cli/keys/key-reference.js';

const ID = '12345678-1234-1234-1234-123456789012';

describe('a key on the command line', () => {
  it.each([
    'alias/a',
    ID,
    `mrk-${'0'.repeat(32)}`,
    `arn:aws:kms:eu-west-1:123456789012:key/${ID}`,
    'arn:aws-cn:kms:cn-north-1:123456789012:alias/a',
  ])('%s is of AWS', (keyId) => expect(parseKey(keyId)).toEqual({ kind: 'aws', keyId }));

  it.each([
    ['local:alias/a', 'alias/a'],
    [`local:${ID}`, ID],
    [`arn:aws:kms:local:000000000000:key/${ID}`, ID],
    [`local:arn:aws:kms:local:000000000000:key/${ID}`, ID],
  ])('%s is of this machine', (text, keyId) => {
    expect(parseKey(text)).toEqual({ kind: 'local', keyId });
  });

  it('is a file with any name', () => {
    expect(parseKey('file:a:b c')).toEqual({ kind: 'file', path: 'a:b c' });
  });

  it.each([
    ...[
      '',
      'a',
      'backups',
      'local:',
      'local:a',
      'file:',
      'alias/',
      'Local:alias/a',
      'local:alias/a b',
      'local:local:alias/a',
      'alias/a\n',
    ],
    `arn:aws:kms:local:123456789012:key/${ID}`,
    'arn:aws:s3:::bucket',
  ])('%j is none', (text) => {
    expect(() => parseKey(text)).toThrow(expect.objectContaining({ status: 2 }));
  });

  it.each(['a', 'alias/a', 'local:alias/a'])('%s names a new one', (text) => {
    expect(parseAlias(text)).toBe('alias/a');
  });
});
