import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { S3Failure } from './answer.js';
import type { Algorithm } from './checksums.js';
import { ALGORITHMS, checksumOf } from './checksums.js';
import type { S3Request } from './request.js';

const HEX = /^[0-9a-f]{64}$/;
const OF_TRAILERS = /^STREAMING-/;

/** Reads a body to its end. @throws if the connection ends before `Content-Length` bytes have come */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of message) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/**
 * Checks a body against everything that its head says of it, and takes it out of its chunks.
 *
 * @returns the bytes that are meant
 * @throws S3Failure
 */
export function checkedBody(request: S3Request, raw: Buffer): Buffer {
  const { headers } = request;
  const takesBody = request.method === 'PUT' || request.method === 'POST';
  if (takesBody && headers['transfer-encoding'] !== undefined) {
    throw new S3Failure(
      501,
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
    );
  }
  if (takesBody && headers['content-length'] === undefined) {
    throw new S3Failure(411, 'MissingContentLength', 'You must provide the Content-Length HTTP header.');
  }
  const hash = headers['x-amz-content-sha256'] ?? '';
  const { body, trailers } = OF_TRAILERS.test(hash)
    ? unchunked(raw, headers)
    : { body: raw, trailers: new Map() };
  if (HEX.test(hash) && createHash('sha256').update(body).digest('hex') !== hash) {
    throw new S3Failure(
      400,
      'XAmzContentSHA256Mismatch',
      'The provided x-amz-content-sha256 header does not match.',
    );
  }
  if (!HEX.test(hash) && hash !== 'UNSIGNED-PAYLOAD' && !OF_TRAILERS.test(hash)) {
    throw new S3Failure(
      400,
      'InvalidArgument',
      'x-amz-content-sha256 must be UNSIGNED-PAYLOAD or a valid sha256 value.',
    );
  }
  const md5 = headers['content-md5'];
  if (md5 !== undefined && createHash('md5').update(body).digest('base64') !== md5)
    throw badDigest('Content-MD5');
  // Of a Complete, the header speaks of the object and not of this body.
  if (request.operation === 'CompleteMultipartUpload') return body;
  for (const algorithm of ALGORITHMS) {
    const name = `x-amz-checksum-${algorithm}`;
    const said = headers[name] ?? trailers.get(name);
    if (said !== undefined && said !== checksumOf(algorithm, [body]))
      throw badDigest(algorithm.toUpperCase());
  }
  return body;
}

/** The algorithm of the checksum that comes with a body, in its head or behind it. */
export function algorithmGiven({ headers }: S3Request): Algorithm | undefined {
  const trailer = headers['x-amz-trailer'];
  return ALGORITHMS.find(
    (one) => headers[`x-amz-checksum-${one}`] !== undefined || trailer === `x-amz-checksum-${one}`,
  );
}

export function badDigest(what: string): S3Failure {
  return new S3Failure(400, 'BadDigest', `The ${what} you specified did not match what we received.`);
}

function unchunked(
  raw: Buffer,
  headers: S3Request['headers'],
): { body: Buffer; trailers: Map<string, string> } {
  const pieces: Buffer[] = [];
  let at = 0;
  const line = (): string => {
    const end = raw.indexOf('\r\n', at);
    if (end < 0) throw new S3Failure(400, 'IncompleteBody', 'The chunked body ends too early');
    const text = raw.toString('latin1', at, end);
    at = end + 2;
    return text;
  };
  for (;;) {
    const length = Number.parseInt(line().split(';')[0]!, 16);
    if (length === 0) break;
    pieces.push(raw.subarray(at, at + length));
    at += length;
    line();
  }
  const trailers = new Map<string, string>();
  for (let text = at < raw.length ? line() : ''; text !== ''; text = line()) {
    const colon = text.indexOf(':');
    trailers.set(text.slice(0, colon).toLowerCase(), text.slice(colon + 1).trim());
  }
  const body = Buffer.concat(pieces);
  if (Number(headers['x-amz-decoded-content-length']) !== body.length) {
    throw new S3Failure(
      400,
      'IncompleteBody',
      'The body has another length than x-amz-decoded-content-length says',
    );
  }
  return { body, trailers };
}
