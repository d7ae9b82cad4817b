import { access } from 'node:fs/promises';
import { SealpipeError } from '../errors.js';
import type { KmsCallOptions } from './kms/options.js';
import { localClient } from './local-client.js';
import type { KeyProvider } from './provider.js';

/** A key of the embedded KMS, and a function to close it. */
export interface LocalKeyUse {
  readonly provider: KeyProvider;
  /** Wipes the keys of the KMS. */
  close(): Promise<void>;
}

/** The hint for a key that cannot be used, by its state. */
const HOW_TO_USE: ReadonlyMap<string, (key: string) => string> = new Map([
  ['Disabled', (key) => `Run "sealpipe kms enable ${key}"`],
  [
    'PendingDeletion',
    (key) => `To keep it, run "sealpipe kms undelete ${key} && sealpipe kms enable ${key}"`,
  ],
]);

/**
 * Opens the embedded KMS in a folder for one of its keys. Creates neither folder nor key.
 *
 * @throws SealpipeError `ERR_SEALPIPE_KEY_NOT_FOUND` or `ERR_SEALPIPE_KEY_UNAVAILABLE`
 */
export async function openLocalKey(
  keyId: string,
  folder: string,
  calls: KmsCallOptions,
): Promise<LocalKeyUse> {
  if (!(await isThere(folder))) throw noLocalKms(folder);
  const { createLocalKms } = await import('../local-kms/index.js');
  const localKms = createLocalKms({ directory: folder });
  try {
    const { response } = await localKms.requestHandler.handle({
      headers: { 'x-amz-target': 'TrentService.DescribeKey' },
      body: JSON.stringify({ KeyId: keyId }),
    });
    assertUsable(JSON.parse(Buffer.from(response.body).toString()), keyId, folder);
    const { kms } = await import('./kms/index.js');
    const provider = kms({ keyId, client: localClient(localKms.requestHandler), ...calls });
    const closeClients = provider.close.bind(provider);
    return {
      provider,
      close: async () => {
        closeClients();
        await localKms.close();
      },
    };
  } catch (error) {
    await localKms.close();
    throw error;
  }
}

interface Description {
  readonly __type?: string;
  readonly KeyMetadata?: { readonly KeyState?: string };
}

/** Any other refusal is explained by the first call. */
function assertUsable({ __type, KeyMetadata }: Description, keyId: string, folder: string): void {
  if (__type === 'NotFoundException') {
    throw new SealpipeError(
      'ERR_SEALPIPE_KEY_NOT_FOUND',
      `local:${keyId} is not in the embedded KMS in ${folder}`,
      {
        hint: '"sealpipe kms list" shows the existing keys. Restore a backup, or set SEALPIPE_HOME to the folder that has the key',
      },
    );
  }
  const state = KeyMetadata?.KeyState ?? 'Enabled';
  if (state === 'Enabled') return;
  const name = `local:${keyId}`;
  throw new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', `${name} cannot be used: its state is ${state}`, {
    hint: HOW_TO_USE.get(state)?.(name),
  });
}

/** A key that cannot be reached counts as existing: the first call says why. */
async function isThere(folder: string): Promise<boolean> {
  return access(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
}

function noLocalKms(folder: string): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_KEY_NOT_FOUND', `No embedded KMS in ${folder}`, {
    hint: 'Restore its backup, or set SEALPIPE_HOME to the folder that has it. "sealpipe kms create-key" creates a new key',
  });
}
