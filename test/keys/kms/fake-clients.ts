import type { KmsClientLike, KmsClientOfRegion } from '../../../src/keys/kms/index.js';
import type { Fields } from './fake-kms.js';
import { FakeKms } from './fake-kms.js';

/** Clients that are no KMSClients, over a fake KMS in this process. */
export interface FakeClients {
  readonly kms: FakeKms;
  /** The regions of the calls that were made, in order. */
  readonly asked: string[];
  /** Runs before a call is answered. */
  before: ((operation: string, region: string) => unknown) | undefined;
  readonly client: KmsClientOfRegion;
}

export function fakeClients(): FakeClients {
  const clients: FakeClients = {
    kms: new FakeKms(),
    asked: [],
    before: undefined,
    client: (region): KmsClientLike => ({
      config: { region: () => region },
      async send(command) {
        const operation = command.constructor.name.replace(/Command$/, '');
        clients.asked.push(region);
        await clients.before?.(operation, region);
        const { input } = command as { readonly input: Fields };
        return fromWire(clients.kms.answer(operation, toWire(input), region));
      },
    }),
  };
  return clients;
}

/** Stands for a call that nobody answers. */
export const NEVER = new Promise<never>(() => undefined);

function toWire(input: Fields): Fields {
  const entries = Object.entries(input).map(([name, value]) => [
    name,
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  ]);
  return Object.fromEntries(entries) as Fields;
}

function fromWire(answer: Fields): Fields {
  const entries = Object.entries(answer).map(([name, value]) => [
    name,
    ['Plaintext', 'CiphertextBlob'].includes(name) ? Buffer.from(String(value), 'base64') : value,
  ]);
  return Object.fromEntries(entries) as Fields;
}
