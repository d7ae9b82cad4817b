import type { S3ClientConfig } from '@aws-sdk/client-s3';
import type * as S3 from '../../../s3/index.js';
import type { StoreSettings } from '../../arguments/store/store-settings.js';
import type { Invocation } from '../../invocation.js';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { STORE_TROUBLE } from '../../terminal/messages/store.js';
import { limitRate } from './rate-limit.js';

/** Keeps the SDK from warning people, who cannot do anything about it, of the Node that they run. */
const NO_WARNING = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** A store, and the code that talks to it: loaded when a store is opened, and not before. */
export interface ObjectStore {
  readonly client: S3.S3ClientLike;
  readonly s3: typeof S3;
  readonly settings: StoreSettings;
  /** Ends its connections. */
  close(): void;
}

/**
 * Opens the store of a command line, with region, credentials and endpoint as every tool of AWS finds them. Nothing is asked
 * of it yet.
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
      // Named, so that journals of uploads tell this store from others.
      client = new S3Client({ ...config, region, endpoint, forcePathStyle: !virtualHost });
    }
  } catch (error) {
    client.destroy();
    if (error instanceof CommandError) throw error;
    throw new CommandError(EXIT.other, STORE_TROUBLE.cannotStart((error as Error).message), error);
  }
  // Only now: what the environment says is the region of the bucket as well.
  if (kmsRegion !== undefined) process.env.AWS_REGION = kmsRegion;
  if (settings.limitRate !== undefined) limitRate(client, settings.limitRate);
  return { client, s3, settings, close: () => client.destroy() };
}

/**
 * Every client of AWS in this process is to find what the options say: that of S3, that of KMS, and those that they make
 * to sign in. Programs that are run have their own environment.
 */
function settleEnvironment(
  { profile, region }: StoreSettings,
  { AWS_DEFAULT_REGION }: NodeJS.ProcessEnv,
): void {
  process.env[NO_WARNING] ??= 'true';
  if (profile !== undefined) process.env.AWS_PROFILE = profile;
  if (region !== undefined) process.env.AWS_REGION = region;
  // The AWS CLI and boto also know it by this name.
  else if (AWS_DEFAULT_REGION) process.env.AWS_REGION ??= AWS_DEFAULT_REGION;
}

/** An endpoint that the environment or the profile names: of these, only the SDK knows all places. */
async function configuredEndpoint({ config }: { readonly config: object }): Promise<string | undefined> {
  const { serviceConfiguredEndpoint } = config as {
    serviceConfiguredEndpoint?: () => Promise<string | undefined>;
  };
  return serviceConfiguredEndpoint?.();
}

/** The SDK warns on standard error otherwise, in words that nobody has asked for. */
class Silence {
  trace(): void {}
  debug(): void {}
  info(): void {}
  warn(): void {}
  error(): void {}
}
