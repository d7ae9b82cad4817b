/*
 * FORMAT 6 and 7 without any care for memory: everything is put together first, and cut afterwards. Written from the
 * page, and used to prove the careful version equal to it.
 */

/** What seals and opens one frame, given its whole associated data. */
export interface NaiveCipher {
  seal(index: number, aad: Uint8Array, plaintext: Uint8Array): Uint8Array;
  open(index: number, aad: Uint8Array, sealed: Uint8Array): Uint8Array | undefined;
}

export interface NaiveLayout {
  readonly layout: 'fixed' | 'record';
  readonly frameSize: number;
  readonly aad: Uint8Array;
}

/** The parts of a plaintext between its flushes, sealed: one buffer for each frame. */
export function naiveSeal(
  cipher: NaiveCipher,
  { layout, frameSize, aad }: NaiveLayout,
  parts: readonly Uint8Array[],
): Buffer[] {
  if (layout === 'fixed') {
    const frames = cut(Buffer.concat(parts), frameSize);
    return frames.map((frame, i) => Buffer.from(cipher.seal(i, aad, frame)));
  }
  const plain = parts.flatMap((part, i) => {
    const frames = cut(part, frameSize);
    // Only the last frame of the stream may be empty.
    return i < parts.length - 1 && frames.at(-1)!.length === 0 ? frames.slice(0, -1) : frames;
  });
  return plain.map((frame, i) => {
    const word = Buffer.alloc(4);
    word.writeUInt32BE(frame.length + (i === plain.length - 1 ? 2 ** 31 : 0));
    return Buffer.concat([word, cipher.seal(i, Buffer.concat([aad, word]), frame)]);
  });
}

/** What a reader must say of a stream of frames: all that it may release, and how it ends. */
export interface Verdict {
  readonly plaintext: Buffer;
  /** undefined: the stream is whole. */
  readonly code: string | undefined;
  readonly atEnd: boolean;
}

export function naiveOpen(cipher: NaiveCipher, layout: NaiveLayout, sealed: Uint8Array): Verdict {
  const released: Uint8Array[] = [];
  const code =
    layout.layout === 'fixed'
      ? openFixed(cipher, layout, sealed, released)
      : openRecords(cipher, layout, sealed, released);
  return {
    plaintext: Buffer.concat(released),
    code: code?.replace(' at the end', ''),
    atEnd: code?.endsWith(' at the end') ?? false,
  };
}

function openFixed(
  cipher: NaiveCipher,
  { frameSize, aad }: NaiveLayout,
  sealed: Uint8Array,
  released: Uint8Array[],
): string | undefined {
  let rest = sealed;
  for (let index = 0; ; index++) {
    const whole = rest.length >= frameSize + 16;
    if (!whole && rest.length < 16) return 'ERR_SEALPIPE_TRUNCATED';
    const plaintext = cipher.open(index, aad, whole ? rest.subarray(0, frameSize + 16) : rest);
    if (plaintext === undefined)
      return whole ? 'ERR_SEALPIPE_AUTHENTICATION' : 'ERR_SEALPIPE_AUTHENTICATION at the end';
    released.push(plaintext);
    if (!whole) return undefined;
    rest = rest.subarray(frameSize + 16);
  }
}

function openRecords(
  cipher: NaiveCipher,
  { frameSize, aad }: NaiveLayout,
  sealed: Uint8Array,
  released: Uint8Array[],
): string | undefined {
  let rest = sealed;
  for (let index = 0; ; index++) {
    // A word that is there in part stands for the least that it can become.
    const word = Buffer.concat([rest.subarray(0, 4), Buffer.alloc(Math.max(0, 4 - rest.length))]);
    const final = word[0]! >= 0x80;
    const length = word.readUInt32BE() - (final ? 2 ** 31 : 0);
    if (length > frameSize) return 'ERR_SEALPIPE_AUTHENTICATION';
    if (rest.length >= 4 && length === 0 && !final) return 'ERR_SEALPIPE_AUTHENTICATION';
    if (rest.length < 4 + length + 16) return 'ERR_SEALPIPE_TRUNCATED';
    const frame = rest.subarray(4, 4 + length + 16);
    const plaintext = cipher.open(index, Buffer.concat([aad, word]), frame);
    if (plaintext === undefined) return 'ERR_SEALPIPE_AUTHENTICATION';
    released.push(plaintext);
    rest = rest.subarray(4 + length + 16);
    if (final) return rest.length === 0 ? undefined : 'ERR_SEALPIPE_TRAILING_DATA';
  }
}

/** Full frames and a shorter one, which may be empty. */
function cut(plaintext: Uint8Array, frameSize: number): Uint8Array[] {
  const count = Math.floor(plaintext.length / frameSize) + 1;
  return Array.from({ length: count }, (_, i) => plaintext.subarray(i * frameSize, (i + 1) * frameSize));
}
