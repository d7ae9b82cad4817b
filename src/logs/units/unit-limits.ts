/** Every cap of LOGS.md about units, by name. */

/** Bytes before the body of a unit. */
export const HEAD_SIZE = 26;
/** The most bytes of a decompressed body, whatever the writer states. */
export const MAX_PLAIN = 1_048_576;
/** The most bytes of a line. */
export const MAX_LINE = 16_777_216;
/** A writer stores shorter bodies, because compressing them costs more than it saves. */
export const LEAST_COMPRESSED = 512;
/** Milliseconds since 1970, and every other number of 8 bytes. */
export const MAX_NUMBER = Number.MAX_SAFE_INTEGER;
