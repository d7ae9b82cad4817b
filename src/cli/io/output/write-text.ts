import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Output } from './output.js';
import { writeFailure } from './write-failure.js';

/** Writes a text as the complete content of an output. */
export async function writeText(text: string | Uint8Array, output: Output): Promise<void> {
  try {
    await pipeline(Readable.from([Buffer.from(text)]), output.stream());
  } catch (error) {
    throw writeFailure(output.name, error);
  }
  await output.commit();
}
