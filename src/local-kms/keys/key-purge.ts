import { SealpipeError } from '../../errors.js';
import { localKeyArn } from '../../key-arn.js';
import { invalidState, ServiceError } from '../protocol/service-error.js';
import { now } from '../storage/clock.js';
import type { KeyDirectory } from './key-directory.js';
import type { KeyRecord } from './key-record.js';
import { parseKeyName } from './names.js';

/**
 * Destroys the materials of a key whose date of deletion has come. Nothing else in this KMS destroys a key: a clock
 * that jumps ahead must not.
 *
 * @throws SealpipeError `ERR_SEALPIPE_KEY_NOT_FOUND`; `ERR_SEALPIPE_KEY_UNAVAILABLE` if the date has not come
 */
export async function purgeKey(directory: KeyDirectory, name: string): Promise<void> {
  try {
    await directory.keys.purge(await keyIdOf(directory, name), requireOverdue);
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    const isThere = error.name === 'KMSInvalidStateException';
    const code = isThere ? 'ERR_SEALPIPE_KEY_UNAVAILABLE' : 'ERR_SEALPIPE_KEY_NOT_FOUND';
    throw new SealpipeError(code, error.message, { cause: error, retryable: false });
  }
}

/**
 * A key id is not looked up: if a process was killed during a purge, the key may be gone while the rest still exists.
 */
async function keyIdOf(directory: KeyDirectory, name: string): Promise<string> {
  const parsed = parseKeyName(name);
  return 'keyId' in parsed ? parsed.keyId : (await directory.byName(name)).keyId;
}

function requireOverdue({ keyId, state, deletionDate }: KeyRecord): void {
  if (state !== 'PendingDeletion' || deletionDate === undefined) {
    throw invalidState(localKeyArn(keyId), 'not pending deletion');
  }
  if (deletionDate > now()) {
    throw invalidState(localKeyArn(keyId), `to be kept until ${new Date(deletionDate).toISOString()}`);
  }
}
