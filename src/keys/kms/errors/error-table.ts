import { CLIENT_ERRORS } from './client-errors.js';
import type { KmsErrorRow } from './error-row.js';
import { SERVICE_ERRORS } from './service-errors.js';

/**
 * AWS error name → code → retryable: how every failure of a KMS call is reported, by its name alone.
 *
 * @example
 * for (const { name, code, retryable } of KMS_ERRORS) console.log(name, code, retryable);
 */
export const KMS_ERRORS: readonly KmsErrorRow[] = Object.freeze(
  [...SERVICE_ERRORS, ...CLIENT_ERRORS].flatMap(({ names, ...row }) =>
    names.map((name) => Object.freeze({ name, ...row })),
  ),
);
