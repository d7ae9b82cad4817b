/** Emits an event. What a listener throws is thrown where nobody of ours catches it: it is no failure of the writer. */
export function emitSafely(emit: () => void): void {
  try {
    emit();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
