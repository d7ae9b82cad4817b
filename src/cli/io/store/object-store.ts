import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type * as S3 from '../../../s3/index.js';
import type { StoreSettings } from '../../arguments/store/store-settings.js';
import type { Invocation } from '../../invocation.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { STORE_TROUBLE } from '../../terminal/messages/store.js';
import { silenceSdkWarning } from '../sdk-warning.js';
import { limitRate } from './rate-limit.js';

/** A store, and the code for it, which is loaded when a store is opened. */
export interface ObjectStore {
  readonly client: S3.S3ClientLike;
  readonly s3: typeof S3;
  readonly settings: StoreSettings;
  /** Ends its connections. */
  close(): void;
}

/**
 * Opens the store of a command line. Region, credentials and endpoint are found like in every tool of AWS. Makes no
 * request yet.
 *
 * @throws (rejects) CommandError with status 1 if there is no region, or if the AWS configuration cannot be read
 */
export async function openStore(settings: StoreSettings, { env }: Invocation): Promise<ObjectStore> {
  settleEnvironment(settings, env);
  const [{ S3Client }, s3] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('../../../s3/index.js'),
  ]);
  const { profile, region: wanted, kmsRegion, endpointUrl, virtualHost, isExactly } = settings;
  const config: S3ClientConfig = {
    logger: new Silence(),
    ...(profile !== undefined && { profile }),
    ...(wanted !== undefined && { region: wanted }),
    ...(isExactly && { ignoreConfiguredEndpointUrls: true }),
  };
  let client = new S3Client(config);
  try {
    const region = await client.config.region().catch(() => {
      throw new CommandError(EXIT.other, STORE_TROUBLE.noRegion());
    });
    const endpoint = endpointUrl ?? (await configuredEndpoint(client));
    if (endpoint !== undefined) {
      client.destroy();
      // Named, so that journals of uploads can identify this store.
      client = new S3Client({ ...config, region, endpoint, forcePathStyle: !virtualHost });
    }
  } catch (error) {
    client.destroy();
    if (error instanceof CommandError) throw error;
    throw new CommandError(EXIT.other, STORE_TROUBLE.cannotStart((error as Error).message), error);
  }
  // Only now, because the environment also gives the region of the bucket.
  if (kmsRegion !== undefined) process.env.AWS_REGION = kmsRegion;
  if (settings.limitRate !== undefined) limitRate(client, settings.limitRate);
  return { client, s3, settings, close: () => client.destroy() };
}

/**
 * Every client of AWS in this process must use the options: that of S3, that of KMS, and those that they create to sign
 * in. Programs that are run have a separate environment.
 */
function settleEnvironment(
  { profile, region }: StoreSettings,
  { AWS_DEFAULT_REGION }: NodeJS.ProcessEnv,
): void {
  silenceSdkWarning();
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  if (region !== undefined) process.env.AWS_REGION = region;
  // The AWS CLI and boto also know it by this name.
  else if (AWS_DEFAULT_REGION) process.env.AWS_REGION ??= AWS_DEFAULT_REGION;
}

/** The endpoint of the environment or the profile. Only the SDK knows all places for it. */
async function configuredEndpoint({ config }: { readonly config: object }): Promise<string | undefined> {
  const { serviceConfiguredEndpoint } = config as {
    serviceConfiguredEndpoint?: () => Promise<string | undefined>;
  };
  return serviceConfiguredEndpoint?.();
}

/** Otherwise the SDK prints warnings on standard error. */
class Silence {
  trace(): void {}
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(): void {}
}
