/** Ends a response that nobody reads: its connection would otherwise stay open. */
export function discard(body: unknown): void {
  try {
    const { destroy, cancel } = Object(body) as { destroy?: unknown; cancel?: unknown };
    if (typeof (body as { on?: unknown })?.on === 'function') {
      (body as NodeJS.ReadableStream).on('error', () => undefined);
    }
    if (typeof destroy === 'function') Reflect.apply(destroy, body, []);
    else if (typeof cancel === 'function')
      Promise.resolve(Reflect.apply(cancel, body, [])).catch(() => undefined);
  } catch {
    // An error of the client's body, which nothing waits for.
  }
}
