import { randomUUID } from 'node:crypto';
import { isBytes } from '../../realms.js';
import type { ServiceError } from './service-error.js';
import { serializationError } from './service-error.js';

/** An HTTP response in the plain form that Smithy clients accept. */
export interface ServiceResponse {
  /** 200, or the status of the refusal. */
  readonly statusCode: number;
  /** Content type and length, and an id of the request. */
  readonly headers: Record<string, string>;
  /** JSON in UTF-8. */
  readonly body: Uint8Array;
}

const CONTENT_TYPE = 'application/x-amz-json-1.1';
const TARGET_HEADER = 'x-amz-target';
const TARGET = /^TrentService\.(\w+)$/;

/** The operation that a request's `x-amz-target` names; undefined if it names none. */
export function targetOf(headers: Readonly<Record<string, string>>): string | undefined {
  const target = Object.entries(headers).find(([name]) => name.toLowerCase() === TARGET_HEADER)?.[1];
  return TARGET.exec(target ?? '')?.[1];
}

/** @throws ServiceError SerializationException if the body is not JSON in UTF-8 */
export function readBody(body: unknown): unknown {
  try {
    if (typeof body === 'string') return JSON.parse(body);
    if (isBytes(body)) return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    // The parser's message would quote the body, which may hold a plaintext.
  }
  throw serializationError();
}

/** AWS JSON 1.1; members that are undefined are left out. */
export function success(body: Readonly<Record<string, unknown>>): ServiceResponse {
  return respond(200, body);
}

export function refusal(error: ServiceError): ServiceResponse {
  return respond(error.statusCode, {
    __type: error.name,
    ...(error.message === '' ? {} : { message: error.message }),
  });
}

function respond(statusCode: number, content: Readonly<Record<string, unknown>>): ServiceResponse {
  const body = new TextEncoder().encode(JSON.stringify(content));
  const headers = {
    'content-type': CONTENT_TYPE,
    'content-length': String(body.length),
    'x-amzn-requestid': randomUUID(),
  };
  return { statusCode, headers, body };
}
