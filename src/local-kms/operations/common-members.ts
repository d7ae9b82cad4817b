import { flag, list, required, text } from '../protocol/members.js';
import { dryRunSuccess, ServiceError } from '../protocol/service-error.js';

/** Lengths and limits by the service model of AWS KMS. */
export const KEY_NAME = text({ min: 1, max: 2048 });
export const REQUIRED_KEY_NAME = required(KEY_NAME);
export const MAX_CIPHERTEXT_BYTES = 6144;
export const MAX_PLAINTEXT_BYTES = 4096;

export const GRANT_TOKENS = list(text({ min: 1, max: 8192 }), { max: 10 });

/** What every cryptographic operation takes besides its own. */
export const CALL_OPTIONS = {
  GrantTokens: GRANT_TOKENS,
  DryRun: flag,
};

/** There are no grants here, so no token can be a good one. */
export function refuseGrantTokens(tokens: readonly string[] | undefined): void {
  if (tokens !== undefined && tokens.length > 0) throw new ServiceError('InvalidGrantTokenException');
}

/** Ends a dry run. To be called when everything has been checked, and nothing done. */
export function endDryRun(dryRun: boolean | undefined): void {
  if (dryRun === true) throw dryRunSuccess();
}
