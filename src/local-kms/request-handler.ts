import { abortError, unlessAborted } from '../abort.js';
import { wipe } from '../bytes.js';
import { isAbortSignal } from '../realms.js';
import type { KeyDirectory } from './keys/key-directory.js';
import { OPERATIONS } from './operations/table.js';
import type { ServiceResponse } from './protocol/json-protocol.js';
import { readBody, refusal, success, targetOf } from './protocol/json-protocol.js';
import { ServiceError } from './protocol/service-error.js';

/** The parts of an HTTP request that are used. Host, path and signature are ignored. */
export interface ServiceRequest {
  /** Only `x-amz-target` is used: it names the operation. */
  readonly headers: Readonly<Record<string, string>>;
  /** A string or a Uint8Array. */
  readonly body?: unknown;
}

/** A Smithy request handler, described by its shape: it fits the `requestHandler` of a KMSClient of any version. */
export interface LocalRequestHandler {
  /** What a Smithy client requires of a handler. */
  readonly metadata: {
    /** `http/1.1`. */
    readonly handlerProtocol: string;
  };
  /**
   * Handles a request of AWS JSON 1.1. A refusal is a response like any other.
   *
   * @param options.abortSignal an AbortSignal; once aborted, rejects with AbortError. Work that had begun by then may
   * still take effect, like at AWS
   * @throws SealpipeError `ERR_SEALPIPE_KEY_UNAVAILABLE` if the KMS itself fails: it is closed, or a file is
   * missing, damaged, or cannot be read or written. The message names the file
   */
  handle(
    request: ServiceRequest,
    options?: { readonly abortSignal?: unknown },
  ): Promise<{
    /** The response that Smithy deserializes. */
    response: ServiceResponse;
  }>;
  /** There is no HTTP client to configure. */
  updateHttpClientConfig(): void;
  /** No configuration, for the same reason. */
  httpHandlerConfigs(): Record<string, never>;
}

/** Runs work that needs the keys, or refuses to. */
export type RunsWork = <T>(work: () => Promise<T>) => Promise<T>;

/** It deliberately has no `destroy`: a client that is destroyed must not close a KMS that others use. */
export function createRequestHandler(directory: KeyDirectory, run: RunsWork): LocalRequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, { abortSignal } = {}) {
      const work = () => run(() => responseTo(request, directory));
      return { response: await (isAbortSignal(abortSignal) ? orAbort(work, abortSignal) : work()) };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

async function responseTo(request: ServiceRequest, directory: KeyDirectory): Promise<ServiceResponse> {
  try {
    const target = targetOf(request.headers);
    const operation = OPERATIONS.get(target ?? '');
    if (operation === undefined) {
      const message = target === undefined ? '' : `The embedded KMS has no operation ${target}.`;
      throw new ServiceError('UnknownOperationException', message);
    }
    return success(await operation(readBody(request.body), directory));
  } catch (error) {
    if (error instanceof ServiceError) return refusal(error);
    throw error;
  }
}

/** A response that comes after the abort is wiped: it may hold a data key. */
async function orAbort(work: () => Promise<ServiceResponse>, signal: AbortSignal): Promise<ServiceResponse> {
  if (signal.aborted) throw abortError(signal);
  return unlessAborted(work(), signal, ({ body }) => wipe(body));
}
