import { describe, expect, it } from 'vitest';
import {
  archivePrefix,
  forkKey,
  parseArchiveAddress,
  parseStoredName,
  segmentKey,
} from '../../../src/logs/store/archive-address.js';

const ID = 'ab'.repeat(16);
const SALT = 'cd'.repeat(32);

describe('the address of archives in a store', () => {
  it.each([
    ['s3://logs', { bucket: 'logs', prefix: '' }],
    ['s3://logs/', { bucket: 'logs', prefix: '' }],
    ['s3://logs/app', { bucket: 'logs', prefix: 'app/' }],
    ['s3://logs/app/', { bucket: 'logs', prefix: 'app/' }],
    ['s3://logs/a%2Fb?c#d/../e', { bucket: 'logs', prefix: 'a%2Fb?c#d/../e/' }],
    [
      's3://arn:aws:s3:eu-west-1:123456789012:accesspoint:logs/app',
      { bucket: 'arn:aws:s3:eu-west-1:123456789012:accesspoint:logs', prefix: 'app/' },
    ],
  ])('%s', (text, address) => {
    expect(parseArchiveAddress(text)).toEqual(address);
  });

  it.each([
    ['logs/app'],
    ['s3://'],
    ['s3://B'],
    ['s3://10.0.0.1/app'],
    ['s3:///app'],
    [undefined],
    [`s3://logs/${'x'.repeat(909)}`],
  ])('is not %s', (text) => {
    expect(() => parseArchiveAddress(text)).toThrow(
      expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' }),
    );
  });

  it('leaves room for the longest key', () => {
    const address = parseArchiveAddress(`s3://logs/${'x'.repeat(908)}`);
    expect(forkKey(address, ID, 0, SALT)).toHaveLength(1_024);
  });
});

describe('the keys of segments', () => {
  const address = parseArchiveAddress('s3://logs/app');

  it('have the index in 12 digits, and a fork the salt behind it', () => {
    expect(archivePrefix(address, ID)).toBe(`app/${ID}/`);
    expect(segmentKey(address, ID, 42)).toBe(`app/${ID}/000000000042`);
    expect(forkKey(address, ID, 42, SALT)).toBe(`app/${ID}/000000000042.fork-${SALT}`);
  });

  it('are read again', () => {
    expect(parseStoredName('000000000042')).toEqual({ name: '000000000042', index: 42, fork: undefined });
    const fork = `000000000042.fork-${SALT}`;
    expect(parseStoredName(fork)).toEqual({ name: fork, index: 42, fork: SALT });
    for (const other of ['42', '000000000042.open', '000000000042.fork-', `${fork}0`, '']) {
      expect(parseStoredName(other)).toBeUndefined();
    }
  });
});
