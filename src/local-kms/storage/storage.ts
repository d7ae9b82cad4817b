import { SealpipeError } from '../../errors.js';

/** The three kinds of files that a KMS keeps. */
export type Folder = 'aliases' | 'keys' | 'materials';

export const FOLDERS: readonly Folder[] = ['aliases', 'keys', 'materials'];

/**
 * Named byte strings that never change: the only verbs are create, read and, for destroyed key material, remove.
 * So nothing is ever overwritten, two writers meet only in `create`, and no lock is needed.
 */
export interface Storage {
  /**
   * Makes `content` durable under a name that is free, whole or not at all.
   * @returns false if the name is taken, by whomever; the content there is untouched
   */
  create(folder: Folder, name: string, content: Uint8Array): Promise<boolean>;
  /** The content in the caller's memory, durable by now; undefined if there is no such name. */
  read(folder: Folder, name: string): Promise<Buffer | undefined>;
  /** Whether a name is there now. */
  has(folder: Folder, name: string): Promise<boolean>;
  /** Every name that had been created, and not removed, before the call; maybe some that come during it. */
  list(folder: Folder): Promise<string[]>;
  /** Removes a name; none there is no error. */
  remove(folder: Folder, name: string): Promise<void>;
  /** What a message to people calls this content. */
  locate(folder: Folder, name: string): string;
  /** Overwrites whatever the storage itself holds in memory. It must not be used afterwards. */
  wipe(): void;
}

/** The KMS itself failed, which has no counterpart among AWS's answers: `ERR_SEALPIPE_KEY_UNAVAILABLE`, not retryable. */
export function storageError(
  message: string,
  details: { readonly hint?: string; readonly cause?: unknown } = {},
): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', message, { ...details, retryable: false });
}
