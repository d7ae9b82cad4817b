import type { Recipient } from '../../../src/format/stream-header.js';
import type { KeyProvider, KeyRequest } from '../../../src/keys/provider.js';

/** What the data keys of a chaotic provider begin with. */
export const MARKER = Buffer.from('chaotic!');

/** A call that waits to be settled. */
export interface PendingCall {
  readonly request: KeyRequest;
  readonly id: number;
  settle(how: Answer): void;
}

/** How a call ends: with a key, with something else, or badly. */
export type Answer = 'key' | 'short key' | 'illegal recipient' | 'nothing' | 'failure';

/** A provider that counts its calls, numbers its keys, and answers only when it is told how. */
export class ChaoticProvider implements KeyProvider {
  readonly id = 'chaotic';
  readonly pending: PendingCall[] = [];
  /** The data keys that it handed out: the very memory. */
  readonly given: Uint8Array[] = [];
  /** The signals of its calls. */
  readonly signals: AbortSignal[] = [];
  calls = 0;

  generate(request: KeyRequest): Promise<never> {
    return this.#call(request, (answer, id) => {
      const dataKey = this.#key(answer === 'short key' ? 12 : 32, id);
      const legal = answer === 'illegal recipient' ? '' : 'k';
      return { dataKey, recipient: { provider: 'a.b', key: legal, wrapped: Buffer.alloc(8, id) } };
    });
  }

  unwrap(_: Recipient, request: KeyRequest): Promise<never> {
    return this.#call(request, (answer, id) => this.#key(answer === 'short key' ? 12 : 32, id));
  }

  wrap(): Promise<never> {
    return Promise.reject(new Error('not asked for'));
  }

  matches(): boolean {
    return true;
  }

  #key(length: number, id: number): Uint8Array {
    const dataKey = Buffer.concat([MARKER, Buffer.from([id >> 8, id]), Buffer.alloc(length - 10, 1)]);
    this.given.push(dataKey);
    return dataKey;
  }

  #call(request: KeyRequest, answerWith: (answer: Answer, id: number) => unknown): Promise<never> {
    const id = this.calls++;
    this.signals.push(request.signal);
    return new Promise<never>((resolve, reject) => {
      this.pending.push({
        request,
        id,
        settle: (answer) => {
          if (answer === 'failure') reject(new Error('chaos'));
          else resolve((answer === 'nothing' ? undefined : answerWith(answer, id)) as never);
        },
      });
    });
  }
}

/** The number of the call that a data key came from. */
export function callOf(dataKey: Uint8Array): number {
  return dataKey[8]! * 256 + dataKey[9]!;
}
