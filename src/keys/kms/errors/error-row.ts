import type { ErrorCode } from '../../../errors.js';

/** One row of the table: an error's name at AWS, the SDK or Node, and what it means here. */
export interface KmsErrorRow {
  /** The `name` of the error, or the `code` of a failed connection. */
  readonly name: string;
  /** The code that it becomes here. */
  readonly code: ErrorCode;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** What happened. */
  readonly message: string;
  /** What to do, if there is a remedy; `{action}` stands for the IAM action. */
  readonly hint?: string;
  /** `refresh`: the credentials were refreshed before. `wait`: the option `waitForNewKey` makes the call again. */
  readonly remedy?: 'refresh' | 'wait';
}

/** Rows that differ only in their names. */
export type ErrorGroup = Omit<KmsErrorRow, 'name'> & { readonly names: readonly string[] };
