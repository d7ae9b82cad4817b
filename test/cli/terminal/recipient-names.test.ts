import { describe, expect, it } from 'vitest';
import { localKeyId, recipientKind, recipientName } from '../../../src/cli/terminal/recipient-names.js';

const ID = '12345678-1234-1234-1234-123456789012';
const recipient = (provider: string, key: string) => ({ provider, key, wrapped: Buffer.alloc(1) });

describe('a recipient', () => {
  it.each([
    ['aws-kms', `arn:aws:kms:local:000000000000:key/${ID}`, ID, `local:${ID}`, 'local'],
    [
      'aws-kms',
      `arn:aws:kms:local:123456789012:key/${ID}`,
      undefined,
      `arn:aws:kms:local:123456789012:key/${ID}`,
      'aws',
    ],
    [
      'aws-kms',
      `arn:aws-cn:kms:local:000000000000:key/${ID}`,
      undefined,
      `arn:aws-cn:kms:local:000000000000:key/${ID}`,
      'aws',
    ],
    [
      'aws-kms',
      `arn:aws:kms:eu-west-1:000000000000:key/${ID}`,
      undefined,
      `arn:aws:kms:eu-west-1:000000000000:key/${ID}`,
      'aws',
    ],
    ['raw', 'abc', undefined, 'the key file with fingerprint abc', 'raw'],
    ['example.org', 'abc', undefined, 'abc of example.org', 'other'],
  ])(
    'of %s with the key %s is of the embedded KMS as %s, and called %s (%s)',
    (provider, key, id, name, kind) => {
      const given = recipient(provider, key);
      expect([localKeyId(given), recipientName(given), recipientKind(given)]).toEqual([id, name, kind]);
    },
  );
});
