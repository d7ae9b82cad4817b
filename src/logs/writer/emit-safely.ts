/** Emits an event. An error of a listener is thrown outside of our code, because it is not a failure of the writer. */
export function emitSafely(emit: () => void): void {
  try {
    emit();
  } catch (error) {
    process.nextTick(() => {
      throw error;
    });
  }
}
