import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Output } from '../files/output.js';

/** Writes a text as the whole of an output. */
export async function writeText(text: string | Uint8Array, output: Output): Promise<void> {
  await pipeline(Readable.from([Buffer.from(text)]), output.stream());
  await output.commit();
}
