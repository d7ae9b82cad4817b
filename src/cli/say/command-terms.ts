/** What the library's messages say to those who call it, and what the command says instead. */
const COMMAND_TERMS: readonly (readonly [RegExp, string])[] = [
  [/`expectedLength`/g, '--expected-size'],
  [/`encryptionContext`/g, '--context'],
  [/`engine`/g, '--engine'],
  [/`content`/g, '--content-type, --content-encoding'],
  [/`keys`/g, 'keys'],
  [/, or give clientConfig\.credentials/g, ''],
  [/Set AWS_REGION, give clientConfig\.region, or/g, 'Set AWS_REGION, or'],
  [
    /, which belongs to the in-process KMS: .*$/,
    ', which belongs to the embedded KMS: set AWS_REGION to another',
  ],
  [/, or raise (?:the option "timeout"|`timeout`)/g, ''],
  [/, make fewer key calls \(cachedKeys\)/g, ''],
  [/; for one that was created just now see waitForNewKey/g, '; KMS may need some minutes to know a new one'],
  [/: see waitForNewKey and grantTokens/g, ''],
  [/Check endpoint, useFipsEndpoint and useDualstackEndpoint, and AWS_/g, 'Check AWS_'],
  [/\blocal KMS\b/g, 'embedded KMS'],
  // What the embedded KMS says of a ciphertext that it has no secret for; its keys know no policies.
  [
    /(?<= in local: )access was denied\. .*(?= \()/,
    'the secret that sealed the stream is missing: it was added by a rotation that this copy of the keys does not include. Restore a newer copy',
  ],
  [/The cause says why/g, '--verbose shows why'],
  [/the cause says more/g, '--verbose shows more'],
  [/see `cause`/g, '--verbose shows why'],
];

/** A message of the library as the command says it: with its own names of things, and fit to follow a colon. */
export function inCommandTerms(message: string): string {
  const text = COMMAND_TERMS.reduce((before, [theirs, ours]) => before.replace(theirs, ours), message);
  // The library's messages are sentences. Names of calls, such as Decrypt, stay.
  return text.replace(/^(?![A-Za-z]+ with )[A-Z](?=[a-z]* )/, (first) => first.toLowerCase());
}
