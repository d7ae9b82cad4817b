import { Readable } from 'node:stream';

/** Whether a payload is hashed for the signature: `auto` leaves that out where TLS or the machine itself protects it. */
export type PayloadSigning = 'auto' | 'signed';

/** Bytes that a request carries. They must not change until the call has settled. */
export interface Payload {
  readonly bytes: Buffer;
  readonly signing: PayloadSigning;
}

/** Hears how the bytes of a request go out. */
export interface PayloadListener {
  moved(): void;
  handedOver(): void;
}

/** What is used of a command, its request and its client: the SDK's types have no stable home. */
interface Request {
  protocol?: string;
  hostname?: string;
  headers: Record<string, string>;
  body?: unknown;
}
interface Arguments {
  readonly request: Request;
}
type Middleware = (next: (args: Arguments) => Promise<unknown>) => (args: Arguments) => Promise<unknown>;
interface Stack {
  add(middleware: Middleware, options: object): void;
}

/** Node's TLS encrypts what it is given at once, into memory of its own: the slices keep that small. */
const SLICE = 262_144;
const LOOPBACK = /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i;

/**
 * Has a command carry a payload. The SDK sees one buffer, which it can send again; only the connection gets it in slices,
 * each when the one before has gone. The user's client is left as it is.
 *
 * @param client of a foreign kind gets the whole buffer at once
 */
export function addPayload(
  command: object,
  { bytes, signing }: Payload,
  listener: PayloadListener,
  client: object,
): void {
  const stack = (command as { readonly middlewareStack?: Stack }).middlewareStack;
  if (stack === undefined) return;
  if (signing === 'auto') {
    stack.add(leaveUnsigned, { step: 'build', name: 'sealpipeUnsignedPayload', override: true });
  }
  if (!takesStreams(client)) return;
  const sliced: Middleware = (next) => (args) => {
    // A copy: a retry begins with the request as it was.
    const request = Object.assign(
      Object.create(Object.getPrototypeOf(args.request)),
      args.request,
    ) as Request;
    request.body = new Slices(bytes, listener);
    return next({ ...args, request });
  };
  stack.add(sliced, { step: 'deserialize', priority: 'low', name: 'sealpipeSlices', override: true });
}

/** Over plain http to another machine nothing but the signature would protect the bytes. */
const leaveUnsigned: Middleware = (next) => (args) => {
  const { request } = args;
  if (request.protocol === 'https:' || LOOPBACK.test(request.hostname ?? '')) {
    request.headers['x-amz-content-sha256'] = 'UNSIGNED-PAYLOAD';
  }
  return next(args);
};

/** Whether a client sends with a handler of Node's, which takes a Readable. */
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

  constructor(bytes: Buffer, listener: PayloadListener) {
    super({ highWaterMark: SLICE });
    this.#bytes = bytes;
    this.#listener = listener;
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
