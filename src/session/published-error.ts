import { isMisuse, isSealpipeError, SealpipeError } from '../errors.js';
import { isShown, shownError } from '../text/foreign-error.js';

/**
 * The form of an error that subscribers of a diagnostics channel may log: the error itself if it and its causes were
 * made or cleaned by this library, otherwise the result of `shownError`. Never throws.
 */
export function published(error: unknown): unknown {
  return publishedAt(error, 0);
}

function publishedAt(error: unknown, level: number): unknown {
  if (level === LEVELS) return undefined;
  if (isShareable(error, level)) return error;
  try {
    if (isSealpipeError(error)) {
      const cause = publishedAt(error.cause, level + 1);
      return new SealpipeError(error.code, error.message, { ...error, cause });
    }
  } catch {
    // An error that only pretends to be ours is treated like any other.
  }
  return shownError(error, { words: ourWords });
}

/** How many causes are followed: no error of ours has more. */
const LEVELS = 8;
const OUR_WORDS: ReadonlySet<string> = new Set(['The operation was aborted', 'The stream was destroyed']);
/** The properties of a SealpipeError; anybody can add more. */
const OUR_PARTS: ReadonlySet<string> = new Set(['name', 'code', 'hint', 'retryable', 'atEnd', 'cutShort']);

function ourWords(message: string): string | undefined {
  return OUR_WORDS.has(message) ? message : undefined;
}

function isShareable(error: unknown, level: number): boolean {
  if (error === undefined || isShown(error)) return true;
  if (level === LEVELS || !(isSealpipeError(error) || isMisuse(error))) return false;
  try {
    return Object.keys(error).every((name) => OUR_PARTS.has(name)) && isShareable(error.cause, level + 1);
  } catch {
    return false;
  }
}
