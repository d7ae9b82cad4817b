import type { StoreCalls } from '../../store/store-calls.js';
import { storeFault } from '../object-pin.js';

/** An object in a listing. */
export interface ListedObject {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

/** The keys to list. */
export interface KeyRange {
  readonly bucket: string;
  /** Their prefix. */
  readonly prefix: string;
  /** Keys up to and including this one are left out. */
  readonly after?: string | undefined;
}

/** The part of the SDK's output of ListObjectsV2 that is used. */
interface Page {
  readonly EncodingType?: unknown;
  readonly Contents?: ReadonlyArray<{ readonly Key?: unknown; readonly Size?: unknown }>;
  readonly CommonPrefixes?: ReadonlyArray<{ readonly Prefix?: unknown }>;
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
  for await (const page of pagesOf(calls, { bucket, prefix })) yield* objectsOn(page, prefix);
}

/** Objects whose keys have no further `/` after `prefix`. @throws (rejects) like {@link objectsUnder} */
export async function* objectsBeside(
  calls: StoreCalls,
  range: KeyRange,
): AsyncGenerator<ListedObject, void, void> {
  for await (const page of pagesOf(calls, range, '/')) yield* objectsOn(page, range.prefix);
}

/** The part of the keys after `prefix` up to the next `/`, each once. @throws (rejects) like {@link objectsUnder} */
export async function* foldersUnder(calls: StoreCalls, range: KeyRange): AsyncGenerator<string, void, void> {
  for await (const page of pagesOf(calls, range, '/')) {
    for (const { Prefix } of page.CommonPrefixes ?? []) {
      yield keyUnder(range.prefix, page, Prefix).slice(range.prefix.length, -1);
    }
  }
}

async function* pagesOf(
  calls: StoreCalls,
  { bucket, prefix, after }: KeyRange,
  delimiter?: string,
): AsyncGenerator<Page, void, void> {
  let token: string | undefined;
  do {
    const answer: unknown = await calls.send('ListObjectsV2', {
      Bucket: bucket,
      Prefix: prefix,
      // XML cannot hold every character that a key can.
      EncodingType: 'url',
      ...(delimiter !== undefined && { Delimiter: delimiter }),
      ...(after !== undefined && { StartAfter: after }),
      ...(token !== undefined && { ContinuationToken: token }),
    });
    const page = Object(answer) as Page;
    yield page;
    token = nextOf(page, token);
  } while (token !== undefined);
}

function* objectsOn(page: Page, prefix: string): Generator<ListedObject, void, void> {
  for (const { Key, Size } of page.Contents ?? []) {
    if (typeof Size !== 'number') throw incomplete();
    yield { key: keyUnder(prefix, page, Key), size: Size };
  }
}

/** @throws SealpipeError `ERR_SEALPIPE_STORE` for an invalid key, or one that was not requested */
function keyUnder(prefix: string, { EncodingType }: Page, text: unknown): string {
  if (typeof text !== 'string') throw incomplete();
  const key = EncodingType === 'url' ? decoded(text) : text;
  if (!key.startsWith(prefix)) throw storeFault('The listing contains a key that was not requested');
  return key;
}

function incomplete(): Error {
  return storeFault('The listing is not complete');
}

function nextOf(
  { IsTruncated, NextContinuationToken }: Page,
  before: string | undefined,
): string | undefined {
  if (IsTruncated !== true) return undefined;
  if (typeof NextContinuationToken === 'string' && NextContinuationToken !== before)
    return NextContinuationToken;
  throw storeFault('The listing continues, but the store does not say where');
}

function decoded(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll('+', ' '));
  } catch {
    throw storeFault('The listing contains a key that is not encoded as requested');
  }
}
