import { KMS_KEY_STATES } from './key-states.js';

const POLICIES = [
  'identity-based policy',
  'resource-based policy',
  'session policy',
  'permissions boundary',
  'service control policy',
  'resource control policy',
  'VPC endpoint policy',
] as const;

const MEMBERS = [
  'keyId',
  'plaintext',
  'ciphertextBlob',
  'encryptionContext',
  'grantTokens',
  'keySpec',
  'numberOfBytes',
] as const;

/** A phrase of AWS or its SDK, and our words for it. */
const PHRASES: readonly (readonly [phrase: string, words: string])[] = [
  ...POLICIES.flatMap((policy) => [
    [`because no ${policy} allows`, `no ${policy} allows it`] as const,
    [`an explicit deny in a ${policy}`, `a ${policy} denies it`] as const,
    [`an explicit deny in an ${policy}`, `an ${policy} denies it`] as const,
  ]),
  [
    'because the resource does not exist in this Region',
    'no such key in this region, or no policy allows it',
  ],
  [
    'The ciphertext refers to a customer master key that does not exist',
    'the key of the wrapped key does not exist',
  ],
  ['is not authorized to perform', 'the caller is not authorized'],
  ...MEMBERS.map((name) => [`at '${name}' failed to satisfy constraint`, `${name} is not legal`] as const),
  ['does not identify a CMK that can perform this operation', 'not the key that wrapped it'],
  ['which is not valid for', 'the key usage or origin is not valid for this call'],
  ['does not exist', 'no such key'],
  ['is not found', 'no such alias'],
  ['Invalid keyId', 'not a key id'],
  ['Invalid arn', 'the ARN is of another region'],
  ['Rate exceeded', 'too many requests'],
  ['Signature expired', 'the signature has expired: the clock of this machine may be wrong'],
  [
    'Signature not yet current',
    'the signature is dated in the future: the clock of this machine may be wrong',
  ],
  ['The request signature we calculated does not match', 'the signature does not match'],
  ['The security token included in the request is expired', 'the session token has expired'],
  [
    'The security token included in the request is invalid',
    'AWS does not know the access key or session token',
  ],
  ['The request would have succeeded, but the DryRun option is set', 'a dry run'],
  ['Could not load credentials from any providers', 'no credential provider has credentials'],
  ['Could not resolve credentials using profile', 'the profile gives no credentials'],
  ['The SSO session associated with this profile has expired', 'the SSO session has expired'],
  ['The SSO session token associated with', 'there is no SSO session, or none that is valid'],
  ['Token is expired', 'the SSO token has expired'],
  ['Custom endpoint is not supported with FIPS', 'a custom endpoint does not go with FIPS'],
  ['FIPS and custom endpoint are not supported', 'a custom endpoint does not go with FIPS'],
  ['Dualstack and custom endpoint are not supported', 'a custom endpoint does not go with dual-stack'],
];

/**
 * Our wording for a known message of AWS or its SDK; undefined for any other. It contains nothing that the message
 * quotes.
 */
export function wordsFor(message: string): string | undefined {
  const state = KMS_KEY_STATES.find(({ said }) => said.test(message));
  if (state !== undefined) return `the state of the key is ${state.state}`;
  return PHRASES.find(([phrase]) => message.includes(phrase))?.[1];
}
