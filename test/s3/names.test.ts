import { describe, expect, it } from 'vitest';
import { canonicalBucket, checkObjectName, parseS3Name } from '../../src/s3/names.js';

const wrong = { code: 'ERR_SEALPIPE_OPTIONS' };

describe('s3://bucket/key', () => {
  it.each([
    ['s3://bbb/k', 'bbb', 'k', false],
    ['s3://bbb/a/b/c', 'bbb', 'a/b/c', false],
    ['s3://bbb//k', 'bbb', '/k', false],
    ['s3://bbb/a%20b?x=1#y', 'bbb', 'a%20b?x=1#y', false],
    ['s3://bbb/../k', 'bbb', '../k', false],
    ['s3://bbb/ä ö', 'bbb', 'ä ö', false],
    ['s3://bbb/logs/', 'bbb', 'logs/', true],
    ['s3://bbb/', 'bbb', '', true],
    ['s3://bbb', 'bbb', '', true],
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
    's3:/bbb/k',
    'S3://bbb/k',
    'https://bbb/k',
    's3://bbb c/k',
    `s3://bbb/${'k'.repeat(1_025)}`,
    's3://bbb/\ud800',
    's3://arn:aws:s3:eu-west-1:123456789012:accesspoint/ap/k',
  ])('refuses %s', (text) => expect(() => parseS3Name(text)).toThrow(expect.objectContaining(wrong)));

  it('takes a key of 1,024 bytes, and none of 1,025', () => {
    const bucket = 'bbb';
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
    ['bbb', undefined],
    ['bbb', ''],
    ['bbb', 7],
  ])('refuses bucket %j with key %j', (bucket, key) =>
    expect(() => checkObjectName({ bucket, key })).toThrow(expect.objectContaining(wrong)),
  );
});

describe('the name of a bucket', () => {
  const named = (bucket: string): unknown => parseS3Name(`s3://${bucket}/k`).bucket;

  it.each([
    'abc',
    'a'.repeat(63),
    'My_Logs-of-2009',
    'a'.repeat(255),
    '0.a-b.c9',
    'logs--use1-az4--x-s3',
    'ap-hrzrlukc5m36ft7okagglf3gmwluquse1b-s3alias',
    'arn:aws:s3:::backups',
    'arn:aws:s3:eu-west-1:123456789012:accesspoint:Ap',
  ])('may be %s', (bucket) => expect(named(bucket)).toBe(bucket));

  it.each(['B', 'ab', 'a..b', '10.0.0.1', 'lögs', 'logs?'])('is not %s', (bucket) =>
    expect(() => named(bucket)).toThrow(
      expect.objectContaining({ ...wrong, message: expect.stringContaining('at least 3 letters') }),
    ),
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
