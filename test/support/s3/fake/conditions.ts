import { noSuchKey, S3Failure } from './answer.js';
import type { Quirks } from './quirks.js';
import type { S3Request } from './request.js';
import type { StoredVersion } from './state.js';

/** @throws S3Failure PreconditionFailed, NoSuchKey, NotImplemented or NotModified (304) for the conditions of a read */
export function checkRead(request: S3Request, quirks: Quirks, version: StoredVersion): void {
  const { ifMatch, ifNoneMatch } = conditionsOf(request, quirks);
  if (ifMatch !== undefined && !isSame(ifMatch, version.etag)) throw preconditionFailed('If-Match');
  if (ifNoneMatch !== undefined && isSame(ifNoneMatch, version.etag))
    throw new S3Failure(304, 'NotModified', '');
}

/** @throws S3Failure for the conditions of a write over `version`, which may be absent */
export function checkWrite(request: S3Request, quirks: Quirks, version: StoredVersion | undefined): void {
  const { ifMatch, ifNoneMatch } = conditionsOf(request, quirks);
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new S3Failure(
      501,
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
    );
  }
  if (ifNoneMatch !== undefined && version !== undefined) throw preconditionFailed('If-None-Match');
  if (ifMatch === undefined) return;
  if (version === undefined) throw noSuchKey();
  if (!isSame(ifMatch, version.etag)) throw preconditionFailed('If-Match');
}

/** @throws S3Failure PreconditionFailed if the source of a copy is another one than the request says */
export function checkCopySource(request: S3Request, quirks: Quirks, version: StoredVersion): void {
  const ifMatch = request.headers['x-amz-copy-source-if-match'];
  if (ifMatch === undefined || quirks.ignoresConditions.has(request.operation)) return;
  if (!isSame(ifMatch, version.etag)) throw preconditionFailed('x-amz-copy-source-If-Match');
}

function conditionsOf(
  { operation, headers }: S3Request,
  quirks: Quirks,
): { ifMatch?: string | undefined; ifNoneMatch?: string | undefined } {
  const given = { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] };
  if (given.ifMatch === undefined && given.ifNoneMatch === undefined) return given;
  if (quirks.refusesConditions.has(operation)) {
    throw new S3Failure(
      501,
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
    );
  }
  return quirks.ignoresConditions.has(operation) ? {} : given;
}

function isSame(condition: string, etag: string): boolean {
  return condition === '*' || condition.replaceAll('"', '') === etag.replaceAll('"', '');
}

function preconditionFailed(condition: string): S3Failure {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return new S3Failure(412, 'PreconditionFailed', message, { details: { Condition: condition } });
}
