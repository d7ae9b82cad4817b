import type { LogBatch } from '../../../logs/index.js';

const NEWLINE = 0x0a;
const ENDING = Buffer.of(NEWLINE);

/** The lines of batches as they are printed: each as it came, with a newline behind it. Batches without any give nothing. */
export async function* lineBytes(
  batches: AsyncIterable<LogBatch>,
  text: Buffer | undefined,
): AsyncGenerator<Buffer, void, void> {
  for await (const { lines } of batches) {
    const chosen = text === undefined ? lines : lines.filter((line) => line.includes(text));
    if (chosen.length > 0) yield inOnePiece(chosen) ?? joined(chosen);
  }
}

/** Lines as they lie in memory, where they lie one after the other with newlines between: nothing is copied then. */
function inOnePiece(lines: readonly Buffer[]): Buffer | undefined {
  const { buffer, byteOffset } = lines[0]!;
  let end = byteOffset;
  for (const line of lines) {
    if (line.buffer !== buffer || line.byteOffset !== end) return undefined;
    end += line.length + 1;
  }
  if (end > buffer.byteLength) return undefined;
  const bytes = Buffer.from(buffer, byteOffset, end - byteOffset);
  let at = -1;
  for (const { length } of lines) {
    at += length + 1;
    if (bytes[at] !== NEWLINE) return undefined;
  }
  return bytes;
}

function joined(lines: readonly Buffer[]): Buffer {
  return Buffer.concat(lines.flatMap((line) => [line, ENDING]));
}
