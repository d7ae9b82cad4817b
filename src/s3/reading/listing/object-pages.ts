import type { StoreCalls } from '../../store/store-calls.js';
import { storeFault } from '../object-pin.js';

/** An object as a listing shows it. */
export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

/** What is used of the SDK's answer to ListObjectsV2. */
interface Page {
  readonly EncodingType?: unknown;
  readonly Contents?: ReadonlyArray<{ readonly Key?: unknown; readonly Size?: unknown }>;
  readonly IsTruncated?: unknown;
  readonly NextContinuationToken?: unknown;
}

/**
 * Every object whose key begins with `prefix`, in the store's order.
 *
 * @throws (rejects) SealpipeError `ERR_SEALPIPE_STORE`; an AbortError
 */
export async function* objectsUnder(
  calls: StoreCalls,
  bucket: string,
  prefix: string,
): AsyncGenerator<ListedObject, void, void> {
  let token: string | undefined;
  do {
    const answer: unknown = await calls.send('ListObjectsV2', {
      Bucket: bucket,
      Prefix: prefix,
      // XML cannot hold every character that a key can.
      EncodingType: 'url',
      ...(token !== undefined && { ContinuationToken: token }),
    });
    const page = Object(answer) as Page;
    for (const { Key, Size } of page.Contents ?? []) {
      if (typeof Key !== 'string' || typeof Size !== 'number')
        throw storeFault('The listing is not complete');
      yield { key: page.EncodingType === 'url' ? decoded(Key) : Key, size: Size };
    }
    token = nextOf(page, token);
  } while (token !== undefined);
}

function nextOf(
  { IsTruncated, NextContinuationToken }: Page,
  before: string | undefined,
): string | undefined {
  if (IsTruncated !== true) return undefined;
  if (typeof NextContinuationToken === 'string' && NextContinuationToken !== before)
    return NextContinuationToken;
  throw storeFault('The listing goes on, but the store does not say where');
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw storeFault('The listing has a key that is not encoded as was asked for');
  }
}
