/** What a call throws; fails the test when it throws nothing. */
export function failure(call: () => unknown): Error & { code?: string; hint?: string; atEnd?: boolean } {
  try {
    call();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

/** The code of what a call throws, or `undefined` where it throws nothing. */
export function codeOf(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}
