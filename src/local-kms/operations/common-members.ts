import { flag, list, required, text } from '../protocol/members.js';
import { dryRunSuccess, ServiceError } from '../protocol/service-error.js';

/** Lengths and limits of the service model of AWS KMS. */
export const KEY_NAME = text({ min: 1, max: 2048 });
export const REQUIRED_KEY_NAME = required(KEY_NAME);
export const MAX_CIPHERTEXT_BYTES = 6144;
export const MAX_PLAINTEXT_BYTES = 4096;

export const GRANT_TOKENS = list(text({ min: 1, max: 8192 }), { max: 10 });

/** Members that every cryptographic operation takes. */
export const CALL_OPTIONS = {
  GrantTokens: GRANT_TOKENS,
  DryRun: flag,
};

/** This KMS has no grants, so no token is valid. */
export function refuseGrantTokens(tokens: readonly string[] | undefined): void {
  if (tokens !== undefined && tokens.length > 0) throw new ServiceError('InvalidGrantTokenException');
}

/** Ends a dry run. Call it when everything has been checked and nothing has been done. */
export function endDryRun(dryRun: boolean | undefined): void {
  if (dryRun === true) throw dryRunSuccess();
}
