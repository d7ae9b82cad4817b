/** What a KEY is: in the help of the commands that take one. */
export const KEYS_TOPIC: readonly string[] = [
  'KEYS',
  '  alias/NAME, KEY-ID, ARN     a key of AWS KMS; credentials and region as for the AWS CLI',
  '  local:alias/NAME, local:ID  a key of the embedded KMS of this machine (sealpipe kms)',
  '  file:PATH                   a file with 32 secret bytes, as they are or in hex or base64,',
  '                              which its owner alone may read',
];

/** Which keys seal where the command line does not say. */
export const SEALING_KEYS: readonly string[] = [
  'With no --key, SEALPIPE_KEY names one. With neither, the key is local:alias/default, made on',
  'first use under SEALPIPE_HOME.',
];

/** Which keys open where the command line does not say. */
export const OPENING_KEYS: readonly string[] = [
  'With no --key, SEALPIPE_KEY names one. With neither, and no --account, only streams of the',
  "embedded KMS are opened, whose keys are yours: otherwise anyone's key would vouch for anything.",
];

/** What the exit status says. */
export const STATUS_TOPIC: readonly string[] = [
  'EXIT STATUS',
  '  0 done    1 other    2 wrong use    3 not authentic or malformed    4 cut short',
  '  5 key or KMS    129, 130, 143 interrupted',
];
