import { SealpipeError } from '../../errors.js';

/** The three kinds of files that a KMS keeps. */
export type Folder = 'aliases' | 'keys' | 'materials';

export const FOLDERS: readonly Folder[] = ['aliases', 'keys', 'materials'];

/**
 * Named byte strings that never change: the only operations are create, read and, for destroyed key material, remove.
 * So nothing is ever overwritten, writers compete only in `create`, and no lock is needed.
 */
export interface Storage {
  /**
   * Durably creates `content` under an unused name, whole or not at all.
   * @returns false if the name is taken; its content is untouched
   */
  create(folder: Folder, name: string, content: Uint8Array): Promise<boolean>;
  /** The content, which is durable, in memory that belongs to the caller; undefined if the name does not exist. */
  read(folder: Folder, name: string): Promise<Buffer | undefined>;
  /** Whether a name exists now. */
  has(folder: Folder, name: string): Promise<boolean>;
  /** Every name that exists when the call begins. It may include names that are created during the call. */
  list(folder: Folder): Promise<string[]>;
  /** Removes a name. It is no error if the name does not exist. */
  remove(folder: Folder, name: string): Promise<void>;
  /** The name of this content in messages. */
  locate(folder: Folder, name: string): string;
  /** Overwrites whatever the storage itself holds in memory. It must not be used afterwards. */
  wipe(): void;
}

/** The error if the KMS itself fails, for which AWS has no error: `ERR_SEALPIPE_KEY_UNAVAILABLE`, not retryable. */
export function storageError(
  message: string,
  details: { readonly hint?: string; readonly cause?: unknown } = {},
): SealpipeError {
  return new SealpipeError('ERR_SEALPIPE_KEY_UNAVAILABLE', message, { ...details, retryable: false });
}
