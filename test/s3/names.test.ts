import { describe, expect, it } from 'vitest';
import { canonicalBucket, checkObjectName, parseS3Name } from '../../src/s3/names.js';

const wrong = { code: 'ERR_SEALPIPE_OPTIONS' };

describe('s3://bucket/key', () => {
  it.each([
    ['s3://b/k', 'b', 'k', false],
    ['s3://b/a/b/c', 'b', 'a/b/c', false],
    ['s3://b//k', 'b', '/k', false],
    ['s3://b/a%20b?x=1#y', 'b', 'a%20b?x=1#y', false],
    ['s3://b/../k', 'b', '../k', false],
    ['s3://b/ä ö', 'b', 'ä ö', false],
    ['s3://b/logs/', 'b', 'logs/', true],
    ['s3://b/', 'b', '', true],
    ['s3://b', 'b', '', true],
    [
      's3://arn:aws:s3:eu-west-1:123456789012:accesspoint:ap/k',
      'arn:aws:s3:eu-west-1:123456789012:accesspoint:ap',
      'k',
      false,
    ],
  ])('splits %s at its first slash, verbatim', (text, bucket, key, isPrefix) =>
    expect(parseS3Name(text)).toEqual({ bucket, key, isPrefix }),
  );

  it.each([
    's3://',
    's3:///k',
    's3:/b/k',
    'S3://b/k',
    'https://b/k',
    's3://b c/k',
    `s3://b/${'k'.repeat(1_025)}`,
    's3://b/\ud800',
    's3://arn:aws:s3:eu-west-1:123456789012:accesspoint/ap/k',
  ])('refuses %s', (text) => expect(() => parseS3Name(text)).toThrow(expect.objectContaining(wrong)));

  it('takes a key of 1,024 bytes, and none of 1,025', () => {
    const bucket = 'b';
    expect(checkObjectName({ bucket, key: 'é'.repeat(512) }).key).toHaveLength(512);
    expect(() => checkObjectName({ bucket, key: `${'é'.repeat(512)}x` })).toThrow(
      expect.objectContaining(wrong),
    );
  });

  it.each([
    [undefined, 'k'],
    ['', 'k'],
    ['b/c', 'k'],
    [7, 'k'],
    ['b', undefined],
    ['b', ''],
    ['b', 7],
  ])('refuses bucket %j with key %j', (bucket, key) =>
    expect(() => checkObjectName({ bucket, key })).toThrow(expect.objectContaining(wrong)),
  );
});

describe('the canonical bucket', () => {
  it.each([
    ['backups', 'backups'],
    ['arn:aws:s3:::backups', 'backups'],
    ['arn:aws-cn:s3:::backups', 'backups'],
    ['arn:aws:s3:eu-west-1:123456789012:accesspoint:ap', undefined],
    ['arn:aws:s3::123456789012:accesspoint/mfzwi23gnjvgw.mrap', undefined],
    ['ap-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias', undefined],
    ['olap-1a4n8yjrb3kda96f67zwrwiiuse1a--ol-s3', undefined],
  ])('of %s is %s', (bucket, name) => expect(canonicalBucket(bucket)).toBe(name));
});
