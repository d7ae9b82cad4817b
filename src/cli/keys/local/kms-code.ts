import type { OpenLocalKms } from '../../../local-kms/local-kms.js';
import { openLocalKms } from '../../../local-kms/local-kms.js';

/** The embedded KMS in a folder. Its code is loaded with this module, and only by runs that need it. */
export function openKmsIn(directory: string): OpenLocalKms {
  return openLocalKms({ directory });
}
