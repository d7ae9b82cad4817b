import { writeFailure } from './write-failure.js';

/** Writes text to standard output and waits until it has been taken. */
export function printText(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => reject(writeFailure('standard output', error));
    process.stdout.once('error', fail);
    process.stdout.write(text, (error) => (error ? fail(error) : resolve()));
  });
}
