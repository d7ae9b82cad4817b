/** What a key in a state that forbids the call needs. */
export interface KmsKeyStateRow {
  /** The state as DescribeKey says it. */
  readonly state: string;
  /** As KMSInvalidStateException's message says it. */
  readonly said: RegExp;
  /** Whether the same call may succeed later without a change by the caller. */
  readonly retryable: boolean;
  /** What happened and what to do. */
  readonly advice: string;
}

/** The states of a key behind a KMSInvalidStateException: all are `ERR_SEALPIPE_KEY_UNAVAILABLE`. */
export const KMS_KEY_STATES: readonly KmsKeyStateRow[] = Object.freeze([
  {
    state: 'PendingDeletion',
    said: /pending (replica )?deletion/i,
    retryable: false,
    advice:
      'the key is scheduled for deletion. To keep it, cancel that ("aws kms cancel-key-deletion") and enable the key',
  },
  {
    state: 'PendingImport',
    said: /pending import/i,
    retryable: false,
    advice: 'the key has no key material yet. Import it',
  },
  {
    state: 'Disabled',
    said: /is disabled/i,
    retryable: false,
    advice: 'the key is disabled. Enable it ("aws kms enable-key"), or use another key',
  },
  {
    state: 'Unavailable',
    said: /is unavailable/i,
    retryable: true,
    advice: 'the key is unavailable now: its key store is not connected. Connect it, or try again later',
  },
  {
    state: 'Creating',
    said: /is creating/i,
    retryable: true,
    advice: 'the key is being created. Try again in a minute',
  },
  {
    state: 'Updating',
    said: /is updating/i,
    retryable: true,
    advice: 'the key is being updated. Try again in a minute',
  },
]);
