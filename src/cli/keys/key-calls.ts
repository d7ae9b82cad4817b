import type { KmsKeyProvider, KmsOptions } from '../../keys/kms/options.js';

/** Keeps the SDK from warning people, who cannot do anything about it, of the Node that they run. */
const NO_WARNING = 'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED';

/** Makes a provider over AWS KMS or the embedded one. Only here is AWS code loaded. */
export async function kmsProvider(options: KmsOptions): Promise<KmsKeyProvider> {
  process.env[NO_WARNING] ??= 'true';
  const { kms } = await import('../../keys/kms/index.js');
  return kms(options);
}
