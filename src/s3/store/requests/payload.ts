import type { Writable } from 'node:stream';
import { Readable } from 'node:stream';
import type { ClientRequest, Middleware } from './middleware.js';
import { stackOf } from './middleware.js';

/** Whether a payload is hashed for the signature: `auto` omits it if TLS or the machine itself protects the payload. */
export type PayloadSigning = 'auto' | 'signed';

/** Bytes that a request carries. They must not change until the call has settled. */
export interface Payload {
  readonly bytes: Buffer;
  readonly signing: PayloadSigning;
}

/** Follows the bytes of a request. */
export interface PayloadListener {
  /**
   * From now on until the call has settled, a connection uses the bytes.
   *
   * @param letGo ends the connection if it would still send some of them, after a response that came early
   */
  taken(letGo?: () => void): void;
  moved(): void;
  handedOver(): void;
}

/** Node's TLS encrypts each write at once into its own memory: slices keep that small. */
const SLICE = 262_144;
const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * Adds a payload to a command. The SDK sees one buffer, which it can send again; the connection gets it in slices, each
 * after the previous one is sent. The user's client is not changed.
 *
 * @param client gets the whole buffer at once if it is not from the SDK
 */
export function addPayload(
  command: object,
  { bytes, signing }: Payload,
  listener: PayloadListener,
  client: object,
): void {
  const stack = stackOf(command);
  if (stack === undefined) {
    listener.taken();
    return;
  }
  if (signing === 'auto') {
    stack.add(leaveUnsigned, { step: 'build', name: 'sealpipeUnsignedPayload', override: true });
  }
  const inSlices = takesStreams(client);
  const handed: Middleware = (next) => (args) => {
    if (!inSlices) {
      listener.taken();
      return next(args);
    }
    const slices = new Slices(bytes, listener);
    listener.taken(() => slices.letGo());
    // A copy, because a retry starts with the original request.
    const request = Object.assign(
      Object.create(Object.getPrototypeOf(args.request)),
      args.request,
    ) as ClientRequest;
    request.body = slices;
    return next({ ...args, request });
  };
  stack.add(handed, { step: 'deserialize', priority: 'low', name: 'sealpipePayload', override: true });
}

/** Over plain http to another machine, only the signature protects the bytes. */
const leaveUnsigned: Middleware = (next) => (args) => {
  const { request } = args;
  if (request.protocol === 'https:' || LOOPBACK.test(request.hostname ?? '')) {
    request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
  }
  return next(args);
};

/** Whether the client's handler is one for Node, which takes a Readable. */
function takesStreams(client: object): boolean {
  const { config } = client as { config?: { requestHandler?: { metadata?: { handlerProtocol?: unknown } } } };
  const protocol = config?.requestHandler?.metadata?.handlerProtocol;
  return protocol === 'http/1.1' || protocol === 'h2';
}

/** Views of a buffer, one after the other. */
class Slices extends Readable {
  readonly #bytes: Buffer;
  readonly #listener: PayloadListener;
  #position = 0;
  /** The connection, while it may still send some of them. */
  #user: Pick<Writable, 'destroy'> | undefined;

  constructor(bytes: Buffer, listener: PayloadListener) {
    super({ highWaterMark: SLICE });
    this.#bytes = bytes;
    this.#listener = listener;
  }

  override pipe<T extends NodeJS.WritableStream>(destination: T, options?: { end?: boolean }): T {
    this.#user = destination as unknown as Writable;
    // All bytes were handed to the system.
    destination.once('finish', () => {
      this.#user = undefined;
    });
    return super.pipe(destination, options);
  }

  letGo(): void {
    this.#user?.destroy();
    this.#user = undefined;
  }

  override _read(): void {
    const start = this.#position;
    const end = Math.min(start + SLICE, this.#bytes.length);
    this.#position = end;
    if (start < end) {
      this.#listener.moved();
      this.push(this.#bytes.subarray(start, end));
    } else {
      this.#listener.handedOver();
      this.push(null);
    }
  }
}
