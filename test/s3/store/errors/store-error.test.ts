import { describe, expect, it } from 'vitest';
import { optionsTypeError, SealpipeError } from '../../../../src/errors.js';
import { factsOf, isNamed, isTransient, storeError } from '../../../../src/s3/store/errors/store-error.js';

/** As the SDK makes them. */
function answer(name: string, status: number, message = 'the key secret/plan.pdf is not there'): Error {
  const error = Object.assign(new Error(message), {
    $fault: 'client',
    $metadata: { httpStatusCode: status, attempts: 2 },
    $response: { headers: { authorization: 'secret' } },
    Key: 'secret/plan.pdf',
  });
  error.name = name;
  return error;
}

describe('an error of a store', () => {
  it.each([
    [answer('AccessDenied', 403), false, /^Access was denied \(S3 PutObject: AccessDenied, status 403\)$/],
    [answer('SlowDown', 503), true, /slow down.* \(S3 PutObject: SlowDown, status 503\)$/],
    // Ceph sends no message, and the SDK names it so.
    [answer('UnknownError', 403), false, /^Access was denied \(S3 PutObject: status 403\)$/],
    [answer('403', 403), false, /^Access was denied \(S3 PutObject: status 403\)$/],
    [answer('Whatever', 500), true, /^The store failed.* \(S3 PutObject: status 500\)$/],
    [answer('Whatever', 418), false, /unknown reason \(S3 PutObject: status 418\)$/],
    [
      Object.assign(new Error('x'), { code: 'ECONNRESET' }),
      true,
      /connection.* \(S3 PutObject: ECONNRESET\)$/,
    ],
    [new Error('secret'), false, /^The client failed.* \(S3 PutObject\)$/],
    ['secret', false, /^The client failed.* \(S3 PutObject\)$/],
    [undefined, false, /^The client failed.* \(S3 PutObject\)$/],
  ])('%s is told by name and status', (error, retryable, words) => {
    const told = storeError(error, 'PutObject');
    expect(told).toMatchObject({ code: 'ERR_SEALPIPE_STORE', retryable });
    expect(told.message).toMatch(words);
  });

  it('names the IAM action', () =>
    expect(storeError(answer('AccessDenied', 403), 'ListParts')).toMatchObject({
      hint: expect.stringContaining('s3:ListMultipartUploadParts'),
    }));

  it('quotes nothing that the store said', () => {
    const told = storeError(answer('secretName', 404), 'GetObject');
    const seen = [told, told.cause].flatMap((error) =>
      Object.getOwnPropertyNames(error).map((name) => JSON.stringify(Reflect.get(error as object, name))),
    );
    expect(seen.join()).not.toMatch(/secret/);
  });

  it('passes errors of our own, and an abort', () => {
    const abort = Object.assign(new Error('aborted'), { name: 'AbortError', code: 'ABORT_ERR' });
    for (const own of [new SealpipeError('ERR_SEALPIPE_EXISTS', ''), optionsTypeError('x'), abort])
      expect(storeError(own, 'PutObject')).toBe(own);
  });

  it('is read without a fault, whatever it is', () => {
    const hostile = new Proxy(new Error('x'), {
      get() {
        throw new Error('no');
      },
    });
    expect(factsOf(hostile)).toMatchObject({ name: undefined, attempts: 1 });
    expect(storeError(hostile, 'PutObject')).toMatchObject({ code: 'ERR_SEALPIPE_STORE' });
  });

  it('is transient, or not', () => {
    expect(isTransient(factsOf(answer('ServiceUnavailable', 503)))).toBe(true);
    expect(isTransient(factsOf(answer('NoSuchBucket', 404)))).toBe(false);
  });

  it('goes by its status if it has no body to tell a name', () => {
    expect(isNamed(factsOf(answer('NotFound', 404)), 'NotFound', 404)).toBe(true);
    expect(isNamed(factsOf(answer('UnknownError', 412)), 'PreconditionFailed', 412)).toBe(true);
    expect(isNamed(factsOf(answer('NoSuchBucket', 404)), 'NotFound', 404)).toBe(false);
  });
});
