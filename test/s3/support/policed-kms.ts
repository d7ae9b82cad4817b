import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import type { KmsClientLike } from '../../../src/keys/kms/client-like.js';
import { createLocalKms } from '../../../src/local-kms/local-kms.js';
import type { Policy } from '../../support/s3/fake/access/policy.js';
import { allows } from '../../support/s3/fake/access/policy.js';

/** A KMS with one key, whose callers may do what policies say of an ARN that stands for it. */
export interface PolicedKms {
  /** The ARN of the key. */
  readonly key: string;
  clientWith(policies: readonly Policy[], arn: string): KmsClientLike;
}

/** Makes one, in memory. */
export async function policedKms(): Promise<PolicedKms> {
  const local = createLocalKms({ alias: 'alias/policed' });
  const client = new KMSClient(local.clientConfig);
  const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/policed' }));
  return {
    key: KeyMetadata!.Arn!,
    clientWith: (policies, arn) => ({
      config: client.config,
      send: async (command, options) => {
        const { input } = command as { input: { EncryptionContext?: Record<string, string> } };
        const action = `kms:${command.constructor.name.replace(/Command$/, '')}`;
        const pairs = Object.entries(input.EncryptionContext ?? {});
        const facts = Object.fromEntries(
          pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, value]),
        );
        if (allows(policies, { action, resource: arn, facts }))
          return client.send(command as never, options as never);
        throw Object.assign(new Error('not authorized'), {
          name: 'AccessDeniedException',
          $fault: 'client',
          $metadata: { httpStatusCode: 400 },
        });
      },
    }),
  };
}
