/** Explains KEY in the help of the commands that take one. */
export const KEYS_TOPIC: readonly string[] = [
  'KEYS',
  '  alias/NAME, KEY-ID, ARN     a key of AWS KMS; credentials and region like for the AWS CLI',
  '  local:alias/NAME, local:ID  a key of the embedded KMS of this machine (sealpipe kms)',
  '  file:PATH                   a file with 32 secret bytes, raw or in hex or base64,',
  '                              that only its owner can access',
];

/** Explains which keys seal by default. */
export const SEALING_KEYS: readonly string[] = [
  'Without --key, SEALPIPE_KEY names keys, one per line. Without either, the key is',
  'local:alias/default, created on first use only if standard error is a terminal.',
];

/** Explains which keys open by default. */
export const OPENING_KEYS: readonly string[] = [
  'Without --key, SEALPIPE_KEY names keys. Without that and --account, only streams sealed',
  'with the embedded KMS open: its keys are yours. Otherwise a stream from anyone would open.',
];

/** Explains how to write a time. */
export const TIMES_TOPIC: readonly string[] = [
  'TIMES',
  '  2026-11-28, 2026-11-28T09:30:00Z, or how long ago: 30m, 2h, 7d. UTC unless it says otherwise.',
];

/** Explains the exit status. */
export const STATUS_TOPIC: readonly string[] = [
  'EXIT STATUS',
  '  0 success    1 other failure    2 wrong use    3 not authentic or malformed    4 cut short',
  '  5 key or KMS    129, 130, 143 interrupted    141 the reader left early',
];

/** Explains names of objects. */
export const OBJECTS_TOPIC: readonly string[] = [
  'S3',
  '  Region, credentials and endpoint are found like by the AWS CLI (AWS_REGION, AWS_PROFILE,',
  '  AWS_ENDPOINT_URL_S3, …). A key is not decoded.',
];
