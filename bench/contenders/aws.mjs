// @ts-check
import { randomFillSync } from 'node:crypto';
import { pipeline } from 'node:stream/promises';
import {
  AlgorithmSuiteIdentifier,
  buildClient,
  CommitmentPolicy,
  RawAesKeyringNode,
  RawAesWrappingSuiteIdentifier,
} from '@aws-crypto/client-node';
import { nodeSource } from '../streams/input.mjs';
import { nodeSink } from '../streams/sinks.mjs';

const { encryptStream, decryptStream, decryptUnsignedMessageStream, decrypt } = buildClient(
  CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT,
);

/**
 * The AWS Encryption SDK with a raw wrapping key, so that it needs no network. By default it uses a committing suite
 * with an ECDSA signature, and frames of 4 KiB. Unsigned: the committing suite without a signature.
 *
 * @param {import('./contender.mjs').AwsSpec} spec
 * @returns {import('./contender.mjs').Contender}
 */
export function awsEncryptionSdk({ signed, frameSize }) {
  const keyring = new RawAesKeyringNode({
    keyName: 'bench',
    keyNamespace: 'sealpipe',
    // The SDK accepts only a key that is alone in its ArrayBuffer.
    unencryptedMasterKey: randomFillSync(new Uint8Array(32)),
    wrappingSuite: RawAesWrappingSuiteIdentifier.AES256_GCM_IV12_TAG16_NO_PADDING,
  });
  const options = signed
    ? { frameLength: frameSize }
    : {
        frameLength: frameSize,
        suiteId: AlgorithmSuiteIdentifier.ALG_AES256_GCM_IV12_TAG16_HKDF_SHA512_COMMIT_KEY,
      };
  const opening = signed ? decryptStream : decryptUnsignedMessageStream;
  /** @type {import('./contender.mjs').Sealed} */
  const sealed = {
    open: (input, take) => pipeline(nodeSource(input), opening(keyring), nodeSink(take)),
    openElsewhere: async (bytes) => (await decrypt(keyring, Buffer.from(bytes))).plaintext,
  };
  return {
    async seal(input, take) {
      await pipeline(nodeSource(input), encryptStream(keyring, options), nodeSink(take));
      return sealed;
    },
  };
}
