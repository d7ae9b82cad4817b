/** What to do about a key whose state forbids the call. */
export interface KmsKeyStateRow {
  /** The state as DescribeKey reports it. */
  readonly state: string;
  /** Matches the message of a KMSInvalidStateException for this state. */
  readonly said: RegExp;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** What happened. */
  readonly message: string;
  /** What to do. */
  readonly hint: string;
}

/** The states of a key behind a KMSInvalidStateException: all are `ERR_SEALPIPE_KEY_UNAVAILABLE`. */
export const KMS_KEY_STATES: readonly KmsKeyStateRow[] = Object.freeze([
  {
    state: 'PendingDeletion',
    said: /pending (replica )?deletion/i,
    retryable: false,
    message: 'the key is scheduled for deletion',
    hint: 'To keep it, cancel the deletion ("aws kms cancel-key-deletion") and enable the key',
  },
  {
    state: 'PendingImport',
    said: /pending import/i,
    retryable: false,
    message: 'the key has no key material yet',
    hint: 'Import key material',
  },
  {
    state: 'Disabled',
    said: /is disabled/i,
    retryable: false,
    message: 'the key is disabled',
    hint: 'Enable it ("aws kms enable-key"), or use another key',
  },
  {
    state: 'Unavailable',
    said: /is unavailable/i,
    retryable: true,
    message: 'the key is unavailable now: its key store is not connected',
    hint: 'Connect it, or try again later',
  },
  {
    state: 'Creating',
    said: /is creating/i,
    retryable: true,
    message: 'the key is being created',
    hint: 'Try again in a minute',
  },
  {
    state: 'Updating',
    said: /is updating/i,
    retryable: true,
    message: 'the key is being updated',
    hint: 'Try again in a minute',
  },
]);
