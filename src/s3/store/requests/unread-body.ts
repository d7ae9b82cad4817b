/** Ends an answer that nobody reads: its connection would stay open. */
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
    // It is the client's own, and nobody waits for it.
  }
}
