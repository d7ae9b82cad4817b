import { copyOf, wipe } from '../../bytes.js';
import { pickEngine } from '../../crypto/engines.js';
import { optionsTypeError } from '../../errors.js';
import type { CanonicalContext } from '../../format/encryption-context.js';
import type { Preamble } from '../../format/preamble.js';
import type { Recipient } from '../../format/stream-header.js';
import type { KeyProvider, KeyRequest } from '../../keys/provider.js';
import { checkLegal, checkRecipient, wipeDataKey } from '../../keys/provider-answer.js';
import { keyCall } from '../../session/setup/key-call.js';
import type { KeyedSetup } from '../../session/setup/open-setup.js';
import { setUpWith, streamContext } from '../../session/setup/open-setup.js';
import { RecipientAttempts } from '../../session/setup/recipient-attempts.js';
import { SUITES } from '../../suites.js';

/** A data key that matches the stream's commitment. Its holder wipes it. */
export interface ProvenKey {
  readonly dataKey: Buffer;
  /** The recipient from which it was unwrapped. */
  readonly from: Recipient;
  readonly by: KeyProvider;
}

/** A recipient that KMS has re-encrypted, and its origin. The data key was not seen outside KMS. */
export interface ReEncrypted {
  readonly next: Recipient;
  readonly from: Recipient;
  readonly by: KeyProvider;
}

/** One call of a key provider. */
export interface RewrapCall {
  /** The method of the key provider that is called. */
  readonly operation: 'rewrap' | 'unwrap' | 'wrap';
  /** The `id` of that provider. */
  readonly provider: string;
}

const ELSEWHERE = 'elsewhere';

/** Makes and records the key calls for one stream. */
export class KeyCalls {
  readonly calls: RewrapCall[] = [];
  readonly #preamble: Preamble;
  readonly #context: CanonicalContext;
  readonly #signal: AbortSignal;

  /** @throws SealpipeError `ERR_SEALPIPE_CONTEXT` */
  constructor(preamble: Preamble, context: CanonicalContext | undefined, signal: AbortSignal) {
    this.#preamble = preamble;
    this.#context = streamContext(preamble, { context });
    this.#signal = signal;
  }

  /**
   * Unwraps recipients in order until a data key matches the commitment.
   *
   * @throws (rejects) like the opening of a stream
   */
  prove(recipients: readonly Recipient[], keys: readonly KeyProvider[]): Promise<ProvenKey> {
    const attempts = new RecipientAttempts(recipients, keys);
    return attempts.findBy<Uint8Array, ProvenKey>(
      {
        operation: 'unwrap',
        call: (provider, recipient, request) => {
          this.calls.push({ operation: 'unwrap', provider: provider.id });
          return provider.unwrap(recipient, request);
        },
        discard: wipeDataKey,
      },
      this.#request(),
      (dataKey, from, by) => {
        const setup = this.open(dataKey);
        setup?.cipher.wipe();
        return setup && { dataKey: copyOf(dataKey), from, by };
      },
    );
  }

  /**
   * Has KMS re-encrypt, for `to`, the first recipient for which it can.
   *
   * @returns undefined if no single client reaches both keys, or if they are not KMS keys
   * @throws (rejects) like the opening of a stream
   */
  async reEncrypt(
    recipients: readonly Recipient[],
    keys: readonly KeyProvider[],
    to: KeyProvider,
  ): Promise<ReEncrypted | undefined> {
    const attempts = new RecipientAttempts(recipients, keys);
    const found = await attempts.findBy<Recipient | typeof ELSEWHERE, ReEncrypted | typeof ELSEWHERE>(
      {
        operation: 'rewrap',
        call: async (provider, recipient, request) => {
          if (provider.rewrap === undefined || to.rewrap === undefined) return ELSEWHERE;
          this.calls.push({ operation: 'rewrap', provider: provider.id });
          return (await provider.rewrap(recipient, to, request)) ?? ELSEWHERE;
        },
        discard: () => undefined,
      },
      this.#request(),
      (answer, from, by) => (answer === ELSEWHERE ? ELSEWHERE : { next: legal(answer), from, by }),
    );
    return found === ELSEWHERE ? undefined : found;
  }

  /** Wraps a data key for a provider. */
  async wrap(dataKey: Uint8Array, provider: KeyProvider): Promise<Recipient> {
    this.calls.push({ operation: 'wrap', provider: provider.id });
    const message = { operation: 'wrap', provider: provider.id } as const;
    const request = this.#request();
    return legal(await keyCall(message, request.signal, () => provider.wrap(dataKey, request)));
  }

  /** The keys that open the frames, derived from this data key; undefined if it does not match the commitment. */
  open(dataKey: Uint8Array): KeyedSetup | undefined {
    return setUpWith(
      dataKey,
      this.#preamble,
      this.#request(),
      pickEngine(this.#preamble.header.suite, undefined),
    );
  }

  #request(): KeyRequest {
    const { encryptionContext, contextBytes } = this.#context;
    const dataKeyBytes = SUITES[this.#preamble.header.suite].keySize;
    return { encryptionContext, contextBytes: copyOf(contextBytes), dataKeyBytes, signal: this.#signal };
  }
}

/** @throws TypeError `ERR_SEALPIPE_OPTIONS` for an answer that is not valid in any stream */
function legal(answer: unknown): Recipient {
  const recipient = checkRecipient(answer);
  checkLegal(recipient);
  return recipient;
}

/** Wipes a data key that is no longer needed. */
export function forget(key: ProvenKey | undefined): void {
  wipe(key?.dataKey);
}

/** The error for a change that is impossible without seeing the data key. */
export function cannotStayUnseen(why: string): TypeError {
  return optionsTypeError(
    `${why}: the data key would have to be unwrapped here, and that is forbidden (neverUnwrap)`,
  );
}
