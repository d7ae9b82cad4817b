import type {
  DecryptCommandInput,
  EncryptCommandInput,
  GenerateDataKeyCommandInput,
  ReEncryptCommandInput,
} from '@aws-sdk/client-kms';
import { copyOf, wipe } from '../../bytes.js';
import { isSealpipeError, optionsTypeError } from '../../errors.js';
import type { Recipient } from '../../format/stream-header.js';
import { MAX_DATA_KEY_BYTES } from '../../limits.js';
import type { GeneratedKey, KeyProvider, KeyRequest } from '../provider.js';
import type { KmsCall, Served } from './calls/call.js';
import { callKms } from './calls/call.js';
import { dataKeySize } from './calls/data-key-size.js';
import { checkDataKey, checkWrapped, contextOf } from './calls/request.js';
import { arnIn, doesNotUnwrap, notKms, plaintextIn, wipeResponse } from './calls/response.js';
import { recipientIn } from './calls/response-recipient.js';
import { keyMismatch, routeTo } from './calls/routing.js';
import type { TargetKey } from './calls/target-key.js';
import { PROVIDER, targetThatOpens, targetThatSeals } from './calls/target-key.js';
import { Clients } from './clients/clients.js';
import type { KmsKeyProvider } from './options.js';
import type { Settings } from './settings.js';
import { MAX_GRANT_TOKENS } from './settings.js';

/** One recipient for each key of AWS KMS. */
export class KmsProvider implements KmsKeyProvider {
  readonly id: string;
  readonly #settings: Settings;
  readonly #clients: Clients;

  constructor(settings: Settings) {
    this.id = `${PROVIDER}:${settings.key?.text ?? 'discovery'}`;
    this.#settings = settings;
    this.#clients = new Clients(settings);
  }

  async generate(request: KeyRequest): Promise<GeneratedKey> {
    const target = this.#sealer();
    const { bytes, request: size } = dataKeySize(this.#settings, request.dataKeyBytes);
    const served = await this.#call('GenerateDataKey', target, request, (): GenerateDataKeyCommandInput => {
      return { KeyId: target.keyId, ...size, ...contextOf(request), ...this.#tokens() };
    });
    try {
      const recipient = recipientIn(served, target, 'GenerateDataKey');
      const plaintext = plaintextIn(served.response, 'GenerateDataKey');
      if (plaintext.length !== bytes) {
        throw notKms('GenerateDataKey', `its data key has ${plaintext.length} bytes and not ${bytes}`);
      }
      return { dataKey: copyOf(plaintext), recipient };
    } finally {
      wipeResponse(served.response);
    }
  }

  async wrap(dataKey: Uint8Array, request: KeyRequest): Promise<Recipient> {
    const target = this.#sealer();
    checkDataKey(dataKey, request);
    // The caller may wipe its key while a call that was given up is still being prepared.
    const plaintext = copyOf(dataKey);
    try {
      const served = await this.#call('Encrypt', target, request, (): EncryptCommandInput => {
        return { KeyId: target.keyId, Plaintext: plaintext, ...contextOf(request), ...this.#tokens() };
      });
      return recipientIn(served, target, 'Encrypt');
    } finally {
      wipe(plaintext);
    }
  }

  matches(recipient: Recipient): boolean {
    return targetThatOpens(this.#settings, recipient) !== undefined;
  }

  async unwrap(recipient: Recipient, request: KeyRequest): Promise<Uint8Array> {
    const target = this.#opener(recipient);
    const served = await this.#call(
      'Decrypt',
      target,
      request,
      (): DecryptCommandInput => {
        const input = { KeyId: target.keyId, CiphertextBlob: recipient.wrapped };
        return { ...input, ...contextOf(request), ...this.#tokens() };
      },
      recipient,
    );
    try {
      if (!target.accepts(arnIn(served.response, 'KeyId', 'Decrypt'), served.region)) {
        throw doesNotUnwrap(`The wrapped key does not belong to ${recipient.key}: another key opened it`);
      }
      const plaintext = plaintextIn(served.response, 'Decrypt');
      if (plaintext.length < request.dataKeyBytes || plaintext.length > MAX_DATA_KEY_BYTES) {
        throw doesNotUnwrap(`The data key of ${recipient.key} does not have a length that the suite accepts`);
      }
      return copyOf(plaintext);
    } finally {
      wipeResponse(served.response);
    }
  }

  async rewrap(from: Recipient, to: KeyProvider, request: KeyRequest): Promise<Recipient | undefined> {
    const source = targetThatOpens(this.#settings, from);
    if (source === undefined || !(to instanceof KmsProvider)) return undefined;
    if (to.#settings.key === undefined || !this.#clients.actsAs(to.#clients)) return undefined;
    const tokens = this.#tokens(to);
    // One call takes no more of them, and two calls can have the tokens of both.
    if ((tokens.GrantTokens?.length ?? 0) > MAX_GRANT_TOKENS) return undefined;
    checkWrapped(from.wrapped);
    const target = targetThatSeals(to.#settings.key);
    const call: KmsCall = {
      operation: 'ReEncrypt',
      action: 'kms:ReEncryptFrom and kms:ReEncryptTo',
      keyId: `${source.keyId} and ${target.keyId}`,
      request,
      route: async () => {
        const route = await routeTo(this.#clients, source, from);
        const { region } = await routeTo(to.#clients, target);
        if (region === route.region) return route;
        throw keyMismatch(`${source.keyId} and ${target.keyId} are in different regions`);
      },
      input: (): ReEncryptCommandInput => {
        const { EncryptionContext: context } = contextOf(request);
        const input = {
          CiphertextBlob: from.wrapped,
          SourceKeyId: source.keyId,
          DestinationKeyId: target.keyId,
          ...(context && { SourceEncryptionContext: context, DestinationEncryptionContext: context }),
        };
        return { ...input, ...tokens };
      },
    };
    try {
      const served = await callKms(call, this.#settings);
      if (!source.accepts(arnIn(served.response, 'SourceKeyId', 'ReEncrypt'), served.region)) {
        throw doesNotUnwrap(`The wrapped key does not belong to ${from.key}: another key opened it`);
      }
      return recipientIn(served, target, 'ReEncrypt');
    } catch (error) {
      // No single client reaches both keys: the data key has to be unwrapped with one and wrapped with the other.
      if (isSealpipeError(error) && error.code === 'ERR_SEALPIPE_KEY_MISMATCH') return undefined;
      throw error;
    }
  }

  close(): void {
    this.#clients.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #call(
    operation: 'GenerateDataKey' | 'Encrypt' | 'Decrypt',
    target: TargetKey,
    request: KeyRequest,
    input: KmsCall['input'],
    recipient?: Recipient,
  ): Promise<Served> {
    const route = () => routeTo(this.#clients, target, recipient);
    const call = { operation, action: `kms:${operation}`, keyId: target.keyId, request, route, input };
    return callKms(call, this.#settings);
  }

  #sealer(): TargetKey {
    if (this.#settings.key !== undefined) return targetThatSeals(this.#settings.key);
    throw optionsTypeError('A kms() with discovery alone can only open: give keyId to say which key seals');
  }

  #opener(recipient: Recipient): TargetKey {
    checkWrapped(recipient.wrapped);
    const target = targetThatOpens(this.#settings, recipient);
    if (target !== undefined) return target;
    throw keyMismatch(`The recipient does not belong to ${this.id}`);
  }

  #tokens(also: KmsProvider = this): { GrantTokens?: string[] } {
    const tokens = new Set([...this.#settings.grantTokens, ...also.#settings.grantTokens]);
    return tokens.size === 0 ? {} : { GrantTokens: [...tokens] };
  }
}
