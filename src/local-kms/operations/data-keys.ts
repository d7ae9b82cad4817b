import { randomBytes } from 'node:crypto';
import { localKeyArn } from '../../key-arn.js';
import type { KeyDirectory } from '../keys/key-directory.js';
import { requireEnabled } from '../keys/key-directory.js';
import { currentMaterial } from '../keys/key-record.js';
import { contextBytes } from '../keys/secrets/context-bytes.js';
import { integer, notHere, oneOf, pairs } from '../protocol/members.js';
import { ServiceError } from '../protocol/service-error.js';
import { CALL_OPTIONS, endDryRun, REQUIRED_KEY_NAME, refuseGrantTokens } from './common-members.js';
import type { Input, ResponseBody } from './operation.js';
import { operation } from './operation.js';

const KEY_SPEC_BYTES = { AES_256: 32, AES_128: 16 } as const;
const NUMBER_OF_BYTES = integer({ min: 1, max: 1024 });

const WITHOUT_PLAINTEXT = {
  KeyId: REQUIRED_KEY_NAME,
  KeySpec: oneOf('AES_256', 'AES_128'),
  NumberOfBytes: NUMBER_OF_BYTES,
  EncryptionContext: pairs,
  ...CALL_OPTIONS,
};

export const generateDataKey = operation(
  { ...WITHOUT_PLAINTEXT, Recipient: notHere },
  async (input, directory) =>
    makeDataKey(input, directory, (dataKey) => ({ Plaintext: dataKey.toString('base64') })),
);

export const generateDataKeyWithoutPlaintext = operation(WITHOUT_PLAINTEXT, async (input, directory) =>
  makeDataKey(input, directory, () => ({})),
);

export const generateRandom = operation(
  { NumberOfBytes: NUMBER_OF_BYTES, CustomKeyStoreId: notHere, Recipient: notHere },
  async ({ NumberOfBytes }) => {
    if (NumberOfBytes === undefined)
      throw new ServiceError('ValidationException', 'NumberOfBytes is required.');
    return takeBytes(NumberOfBytes, async (bytes) => ({ Plaintext: bytes.toString('base64') }));
  },
);

async function makeDataKey(
  input: Input<typeof WITHOUT_PLAINTEXT>,
  directory: KeyDirectory,
  show: (dataKey: Buffer) => ResponseBody,
): Promise<ResponseBody> {
  const length = dataKeyLength(input);
  const context = contextBytes(input.EncryptionContext, 'encryptionContext');
  refuseGrantTokens(input.GrantTokens);
  const key = await directory.byName(input.KeyId);
  requireEnabled(key);
  endDryRun(input.DryRun);
  return takeBytes(length, async (dataKey) => ({
    CiphertextBlob: (await directory.keys.encrypt(key, dataKey, context)).toString('base64'),
    ...show(dataKey),
    KeyId: localKeyArn(key.keyId),
    KeyMaterialId: currentMaterial(key),
  }));
}

function dataKeyLength({ KeySpec, NumberOfBytes }: Input<typeof WITHOUT_PLAINTEXT>): number {
  if (KeySpec !== undefined && NumberOfBytes === undefined) return KEY_SPEC_BYTES[KeySpec];
  if (KeySpec === undefined && NumberOfBytes !== undefined) return NumberOfBytes;
  throw new ServiceError('ValidationException', 'Please specify either number of bytes or key spec.');
}

/** Passes random bytes to `act`, and wipes them afterwards. */
async function takeBytes(
  length: number,
  act: (bytes: Buffer) => Promise<ResponseBody>,
): Promise<ResponseBody> {
  const bytes = randomBytes(length);
  try {
    return await act(bytes);
  } finally {
    bytes.fill(0);
  }
}
