import { localKeyArn } from '../../key-arn.js';
import { currentMaterial } from '../keys/key-record.js';
import { contextBytes } from '../keys/secrets/context-bytes.js';
import { blob, list, notHere, oneOf, pairs, required } from '../protocol/members.js';
import { nullMember } from '../protocol/service-error.js';
import {
  CALL_OPTIONS,
  endDryRun,
  KEY_NAME,
  MAX_CIPHERTEXT_BYTES,
  MAX_PLAINTEXT_BYTES,
  REQUIRED_KEY_NAME,
  refuseGrantTokens,
} from './common-members.js';
import { SYMMETRIC_DEFAULT, usableKey, withPlaintext } from './key-use.js';
import { operation } from './operation.js';

const ALGORITHM = oneOf('SYMMETRIC_DEFAULT', 'RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256', 'SM2PKE');
const CIPHERTEXT = blob({ min: 1, max: MAX_CIPHERTEXT_BYTES });
const PLAINTEXT = blob({ min: 1, max: MAX_PLAINTEXT_BYTES });
const DRY_RUN_MODIFIERS = list(oneOf('IGNORE_CIPHERTEXT'), {});

export const encrypt = operation(
  {
    KeyId: REQUIRED_KEY_NAME,
    Plaintext: required(PLAINTEXT),
    EncryptionContext: pairs,
    EncryptionAlgorithm: ALGORITHM,
    ...CALL_OPTIONS,
  },
  async (input, directory) => {
    try {
      const context = contextBytes(input.EncryptionContext, 'encryptionContext');
      refuseGrantTokens(input.GrantTokens);
      const key = await usableKey(directory, input.KeyId, input.EncryptionAlgorithm);
      endDryRun(input.DryRun);
      return {
        CiphertextBlob: (await directory.keys.encrypt(key, input.Plaintext, context)).toString('base64'),
        KeyId: localKeyArn(key.keyId),
        EncryptionAlgorithm: SYMMETRIC_DEFAULT,
      };
    } finally {
      input.Plaintext.fill(0);
    }
  },
);

export const decrypt = operation(
  {
    CiphertextBlob: CIPHERTEXT,
    KeyId: KEY_NAME,
    EncryptionContext: pairs,
    EncryptionAlgorithm: ALGORITHM,
    Recipient: notHere,
    DryRunModifiers: DRY_RUN_MODIFIERS,
    ...CALL_OPTIONS,
  },
  async (input, directory) => {
    const context = contextBytes(input.EncryptionContext, 'encryptionContext');
    refuseGrantTokens(input.GrantTokens);
    if (ignoresCiphertext(input)) {
      await usableKey(directory, present(input.KeyId, 'keyId'), input.EncryptionAlgorithm);
      endDryRun(true);
    }
    const source = {
      ciphertext: present(input.CiphertextBlob, 'ciphertextBlob'),
      keyName: input.KeyId,
      algorithm: input.EncryptionAlgorithm,
    };
    return withPlaintext(directory, source, context, async (plaintext, opened) => {
      endDryRun(input.DryRun);
      return {
        Plaintext: plaintext.toString('base64'),
        KeyId: localKeyArn(opened.key.keyId),
        EncryptionAlgorithm: SYMMETRIC_DEFAULT,
        KeyMaterialId: opened.materialId,
      };
    });
  },
);

export const reEncrypt = operation(
  {
    CiphertextBlob: CIPHERTEXT,
    SourceKeyId: KEY_NAME,
    SourceEncryptionContext: pairs,
    SourceEncryptionAlgorithm: ALGORITHM,
    DestinationKeyId: REQUIRED_KEY_NAME,
    DestinationEncryptionContext: pairs,
    DestinationEncryptionAlgorithm: ALGORITHM,
    DryRunModifiers: DRY_RUN_MODIFIERS,
    ...CALL_OPTIONS,
  },
  async (input, directory) => {
    const from = contextBytes(input.SourceEncryptionContext, 'sourceEncryptionContext');
    const to = contextBytes(input.DestinationEncryptionContext, 'destinationEncryptionContext');
    const destination = () =>
      usableKey(directory, input.DestinationKeyId, input.DestinationEncryptionAlgorithm);
    refuseGrantTokens(input.GrantTokens);
    if (ignoresCiphertext(input)) {
      await usableKey(directory, present(input.SourceKeyId, 'sourceKeyId'), input.SourceEncryptionAlgorithm);
      await destination();
      endDryRun(true);
    }
    const source = {
      ciphertext: present(input.CiphertextBlob, 'ciphertextBlob'),
      keyName: input.SourceKeyId,
      algorithm: input.SourceEncryptionAlgorithm,
    };
    return withPlaintext(directory, source, from, async (plaintext, opened) => {
      const key = await destination();
      endDryRun(input.DryRun);
      return {
        CiphertextBlob: (await directory.keys.encrypt(key, plaintext, to)).toString('base64'),
        SourceKeyId: localKeyArn(opened.key.keyId),
        KeyId: localKeyArn(key.keyId),
        SourceEncryptionAlgorithm: SYMMETRIC_DEFAULT,
        DestinationEncryptionAlgorithm: SYMMETRIC_DEFAULT,
        SourceKeyMaterialId: opened.materialId,
        DestinationKeyMaterialId: currentMaterial(key),
      };
    });
  },
);

function ignoresCiphertext(input: {
  DryRun: boolean | undefined;
  DryRunModifiers: readonly string[] | undefined;
}) {
  return input.DryRun === true && input.DryRunModifiers?.includes('IGNORE_CIPHERTEXT') === true;
}

/** A member that only some requests must have. */
function present<T>(value: T | undefined, path: string): T {
  if (value === undefined) throw nullMember(path);
  return value;
}
