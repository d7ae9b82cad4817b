import { describe, expect, it } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';

const ID = '1234abcd-12ab-34cd-56ef-1234567890ab';
const MRK = 'mrk-1234abcd12ab34cd56ef1234567890ab';
const arn = (id = ID, region = 'eu-west-1', account = '111122223333', partition = 'aws') =>
  `arn:${partition}:kms:${region}:${account}:key/${id}`;
const of = (key: string, provider = 'aws-kms') => ({ provider, key, wrapped: new Uint8Array([1]) });

describe('a provider of one key', () => {
  it.each<[string, string, string, boolean]>([
    ['an ARN', arn(), arn(), true],
    ['an ARN and another key', arn(), arn('other'), false],
    ['an ARN and another account', arn(), arn(ID, 'eu-west-1', '999922223333'), false],
    ['an ARN and another region', arn(), arn(ID, 'eu-west-2'), false],
    ['a multi-Region key in another region', arn(MRK), arn(MRK, 'us-east-1'), true],
    ['a multi-Region key of another account', arn(MRK), arn(MRK, 'us-east-1', '999922223333'), false],
    [
      'a multi-Region key of another partition',
      arn(MRK),
      arn(MRK, 'us-east-1', '111122223333', 'aws-cn'),
      false,
    ],
    ['another multi-Region key', arn(MRK), arn('mrk-ffff', 'us-east-1'), false],
    ['a multi-Region key and region local', arn(MRK), arn(MRK, 'local'), false],
    ['a multi-Region key of region local', arn(MRK, 'local'), arn(MRK, 'us-east-1'), false],
    ['a key id', ID, arn(), true],
    ['a key id and another key', ID, arn('other'), false],
    ['a key id that is an end of one', '90ab', arn(), false],
    ['an alias', 'alias/a', arn(), true],
    ['an alias ARN', 'arn:aws:kms:eu-west-1:111122223333:alias/a', arn(), true],
    ['an alias ARN and another account', 'arn:aws:kms:eu-west-1:999922223333:alias/a', arn(), false],
    ['an alias ARN and another region', 'arn:aws:kms:eu-west-2:111122223333:alias/a', arn(), false],
    ['an alias ARN and a replica', 'arn:aws:kms:eu-west-2:111122223333:alias/a', arn(MRK), true],
  ])('with %s: %s and %s is %s', (_, keyId, recipient, expected) => {
    expect(kms({ keyId }).matches(of(recipient))).toBe(expected);
  });

  it.each([
    '',
    ID,
    'alias/a',
    `arn:aws:kms:eu-west-1:111122223333:alias/a`,
    arn().toUpperCase(),
    `${arn()}\n`,
    `${arn()} `,
    arn(ID, 'EU-WEST-1'),
    arn(ID, 'eu.west.1'),
    arn(ID, 'evil.example#'),
    arn(ID, ''),
    arn(ID, 'a'.repeat(33)),
    arn(ID, 'eu-west-1', '11112222333'),
    arn(ID, 'eu-west-1', '1111222233334'),
    arn(ID, 'eu-west-1', '111122223333', 'aws.evil'),
    arn(ID, 'eu-west-1', '111122223333', `aws-${'a'.repeat(3_000)}`),
    arn('a/b'),
    arn('a'.repeat(129)),
  ])('passes over a recipient whose key is %j', (key) => {
    const trusting = kms({ keyId: 'alias/a', discovery: { accounts: ['111122223333'] } });
    expect(trusting.matches(of(key))).toBe(false);
  });

  it('passes over recipients of other providers', () => {
    expect(kms({ keyId: 'alias/a' }).matches(of(arn(), 'raw'))).toBe(false);
  });
});

describe('a provider that discovers keys', () => {
  const accounts = ['111122223333', '444455556666'];

  it.each<[string, object, string, boolean]>([
    ['an account of the list', {}, arn(ID, 'us-east-1', '444455556666'), true],
    ['another account', {}, arn(ID, 'us-east-1', '999922223333'), false],
    ['another partition', {}, arn(ID, 'cn-north-1', '111122223333', 'aws-cn'), false],
    ['the given partition', { partition: 'aws-cn' }, arn(ID, 'cn-north-1', '111122223333', 'aws-cn'), true],
    ['a region of the list', { regions: ['eu-west-1'] }, arn(), true],
    ['another region', { regions: ['eu-west-1'] }, arn(ID, 'eu-west-2'), false],
    [
      'a region of four parts',
      { partition: 'aws-us-gov' },
      arn(ID, 'us-gov-west-1', '111122223333', 'aws-us-gov'),
      true,
    ],
    ['a region of China', {}, arn(ID, 'cn-north-1'), false],
    ['a region of the government', {}, arn(ID, 'us-gov-west-1'), false],
    ['a name that the SDK takes for hosts of another kind', {}, arn(ID, 'fips-cn-north-1'), false],
    ['an isolated region', {}, arn(ID, 'us-isob-east-1'), false],
    ['an isolated region of Europe', {}, arn(ID, 'eu-isoe-west-1'), false],
    ['a sovereign region', {}, arn(ID, 'eusc-de-east-1'), false],
    [
      'a region of `aws` in another partition',
      { partition: 'aws-cn' },
      arn(ID, 'eu-west-1', '111122223333', 'aws-cn'),
      false,
    ],
    ['a region that AWS would not name so', {}, arn(ID, 'attacker'), false],
    ['a region of digits', {}, arn(ID, '127-0-0-1'), false],
    ['a region with a hyphen in front', {}, arn(ID, '-west-1'), false],
  ])('with %s', (_, limits, key, expected) => {
    expect(kms({ discovery: { accounts, ...limits } }).matches(of(key))).toBe(expected);
  });

  it('still takes its own key, of any account', () => {
    const provider = kms({ keyId: arn(ID, 'eu-west-1', '999922223333'), discovery: { accounts } });
    expect(provider.matches(of(arn(ID, 'eu-west-1', '999922223333')))).toBe(true);
    expect(provider.matches(of(arn()))).toBe(true);
    expect(provider.matches(of(arn(ID, 'eu-west-1', '888822223333')))).toBe(false);
  });
});
