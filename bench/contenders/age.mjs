// @ts-check
import { Decrypter, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { webSource } from '../streams/input.mjs';
import { webSink } from '../streams/sinks.mjs';

const identity = await generateX25519Identity();
const encrypter = new Encrypter();
encrypter.addRecipient(await identityToRecipient(identity));
const decrypter = new Decrypter();
decrypter.addIdentity(identity);

/** @type {import('./contender.mjs').Sealed} */
const sealed = {
  open: async (input, take) => (await decrypter.decrypt(webSource(input))).pipeTo(webSink(take)),
  openElsewhere: (bytes) => decrypter.decrypt(bytes),
};

/**
 * age for Node, over web streams, which are its native interface.
 *
 * @returns {import('./contender.mjs').Contender}
 */
export function age() {
  return {
    async seal(input, take) {
      const stream = await encrypter.encrypt(webSource(input));
      await stream.pipeTo(webSink(take));
      return sealed;
    },
  };
}
