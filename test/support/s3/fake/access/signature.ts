import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { accessDenied, S3Failure } from '../answer.js';
import type { S3Request } from '../request.js';

/** What a signature says besides being right. */
export interface Signer {
  readonly accessKeyId: string;
  readonly region: string;
}

const FORM =
  /^AWS4-HMAC-SHA256 Credential=([^/,]+)\/([0-9]{8})\/([a-z0-9-]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/;
const MAY_BE_OFF = 15 * 60_000;

/**
 * Checks the signature, version 4, of a request's head: the path, the query, every signed header, and the hash that it
 * claims for its body.
 *
 * @param secretOf the secret of an access key
 * @throws S3Failure
 */
export function verifySignature(request: S3Request, secretOf: (id: string) => string | undefined): Signer {
  const { headers } = request;
  const parts = FORM.exec(headers['authorization'] ?? '');
  if (parts === null) throw accessDenied('The request is not signed with AWS Signature Version 4');
  const [, accessKeyId = '', day = '', region = '', signed = '', signature = ''] = parts;
  const secret = secretOf(accessKeyId);
  if (secret === undefined) {
    throw new S3Failure(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
    );
  }
  const names = signed.split(';');
  const unsigned = Object.keys(headers).filter((name) => name.startsWith('x-amz-') && !names.includes(name));
  if (unsigned.length > 0 || !names.includes('host')) {
    throw accessDenied(`There were headers present in the request which were not signed: ${unsigned.join()}`);
  }
  const date = headers['x-amz-date'] ?? '';
  assertNow(date, day);
  const payload = headers['x-amz-content-sha256'];
  if (payload === undefined) {
    throw new S3Failure(
      400,
      'InvalidRequest',
      'Missing required header for this request: x-amz-content-sha256',
    );
  }
  const canonical = [
    request.method,
    request.path
      .split('/')
      .map((part) => encoded(decodeURIComponent(part)))
      .join('/'),
    [...request.query]
      .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
      .sort()
      .join('&'),
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim().replace(/ +/g, ' ')}`),
    '',
    signed,
    payload,
  ].join('\n');
  const scope = `${day}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', date, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (before, word) => createHmac('sha256', before).update(word).digest(),
    `AWS4${secret}`,
  );
  const expected = createHmac('sha256', key).update(text).digest();
  if (!timingSafeEqual(expected, Buffer.from(signature, 'hex'))) {
    throw new S3Failure(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match.');
  }
  return { accessKeyId, region };
}

function assertNow(date: string, day: string): void {
  const time = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!date.startsWith(day) || !(Math.abs(Date.now() - time) < MAY_BE_OFF)) {
    throw new S3Failure(
      403,
      'RequestTimeTooSkewed',
      'The difference between the request time and ours is too large.',
    );
  }
}

function encoded(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
