import { describe, expect, it } from 'vitest';
import { parseCommandLine } from '../../../../src/cli/arguments/command-line.js';
import { objectManner } from '../../../../src/cli/arguments/store/object-attributes.js';
import { storeSettings } from '../../../../src/cli/arguments/store/store-settings.js';
import { objectFailure } from '../../../../src/cli/io/store/store-failure.js';
import { CommandError } from '../../../../src/cli/terminal/command-error.js';
import { attributesInput } from '../../../../src/s3/upload/requests/object-attributes.js';

/** What the options of `encrypt … -o s3://bbb/k` come to. */
function made(words: readonly string[]) {
  const line = parseCommandLine(['encrypt', 'a', '-o', 's3://bbb/k', ...words]);
  return { settings: storeSettings(line), manner: objectManner(line.options) };
}

/** What is said about them before anything is asked of anybody. */
function refused(words: readonly string[]) {
  try {
    attributesInput(made(words).manner);
  } catch (error) {
    const told = objectFailure('s3://bbb/k', 'write', error);
    if (told instanceof CommandError)
      return { status: told.status, said: `${told.message} ${told.hint ?? ''}` };
    throw error;
  }
  return expect.fail(`${words.join(' ')} was taken`);
}

describe('the options of an object', () => {
  it('say what it becomes', () => {
    const words =
      '--storage-class STANDARD_IA --tag team=data --tag a=b=c --metadata owner=me --sse aws:kms --object-lock GOVERNANCE:30 --part-size 6M --bind key --sign-payload --force';
    expect(made(words.split(' ')).manner).toEqual({
      storageClass: 'STANDARD_IA',
      tags: { team: 'data', a: 'b=c' },
      metadata: { owner: 'me' },
      sse: 'aws:kms',
      objectLock: { mode: 'GOVERNANCE', days: 30 },
      partSize: 6_291_456,
      bind: 'key',
      payloadSigning: 'signed',
      overwrite: true,
    });
  });

  it('say how its store is reached', () => {
    const words =
      '--profile p --region r --kms-region s --endpoint-url http://h:1/x --virtual-host --limit-rate 1M --concurrency 3 --location s3://ccc/d';
    expect(made(words.split(' ')).settings).toEqual({
      profile: 'p',
      region: 'r',
      kmsRegion: 's',
      endpointUrl: 'http://h:1/x',
      virtualHost: true,
      limitRate: 1_048_576,
      concurrency: 3,
      versionId: undefined,
      location: 's3://ccc/d',
    });
  });

  it.each([
    [
      ['--storage-class', 'standard ia'],
      '--storage-class must be the name of a storage class, such as STANDARD_IA',
    ],
    [['--tag', 'team'], 'invalid value team for --tag Write --tag NAME=VALUE.'],
    [['--tag', '=data'], 'Write --tag NAME=VALUE.'],
    [['--tag', 'a=1', '--tag', 'a=2'], 'a was given twice with --tag'],
    [Array.from({ length: 11 }, (_, i) => ['--tag', `${i}=x`]).flat(), '--tag has more than 10 tags'],
    [['--metadata', 'team'], 'Write --metadata NAME=VALUE.'],
    [['--metadata', 'a b=c'], '--metadata: S3 does not take the name or the value of "a b"'],
    [['--metadata', 'sealpipe-salt=0'], '--metadata: "sealpipe-salt" is a name of this library'],
    [['--sse', 'rot13'], 'Choose one of AES256, aws:kms, aws:kms:dsse.'],
    [['--object-lock', 'FOREVER:1'], 'Write GOVERNANCE or COMPLIANCE, a colon and days'],
    [['--object-lock', 'COMPLIANCE:1d'], 'a colon and days from 1 to 36500: COMPLIANCE:30.'],
    [['--object-lock', 'COMPLIANCE:0'], 'invalid value COMPLIANCE:0 for --object-lock'],
    [['--object-lock', 'COMPLIANCE:36501'], 'days from 1 to 36500'],
    [['--part-size', '5000000'], 'Give a size from 5M to 256M.'],
    [['--part-size', '257M'], 'Give a size from 5M to 256M.'],
    [['--part-size', 'large'], 'Give a size from 5M to 256M.'],
    [['--bind', 'bucket'], 'Choose one of location, key, none.'],
    [['--limit-rate', 'fast'], 'from 64K on: 512K, 10M, 1G.'],
    [['--limit-rate', '512K', '--concurrency', '64'], 'With --concurrency 64, give at least 1024K.'],
    [['--concurrency', '0'], 'Give a whole number from 1 to'],
    [['--concurrency', 'many'], 'Give a whole number from 1 to'],
    [['--version-id', 'v'], '--version-id needs a name that begins with s3://'],
    [['--kms-region', ''], '--kms-region needs'],
    [['--profile'], '--profile needs'],
    [['--endpoint-url', 'ftp://h'], '--endpoint-url https://s3.example.com.'],
    [['--endpoint-url', 'https://user@h'], '--endpoint-url https://s3.example.com.'],
    [['--endpoint-url', 'https://h/x?y=1'], '--endpoint-url https://s3.example.com.'],
    [['--endpoint-url', 'https://h/#x'], '--endpoint-url https://s3.example.com.'],
    [['--concurrency', '257'], 'Give a whole number from 1 to 256.'],
    [['--location', 'any'], 'Write s3://BUCKET/KEY'],
    [['--location', 's3://bbb/'], 'is a prefix'],
  ])('%j are refused, with the right form', (words, said) => {
    const told = refused(words);
    expect(told).toMatchObject({ status: 2, said: expect.stringContaining(said) });
    expect(told.said).not.toContain('`');
  });
});
