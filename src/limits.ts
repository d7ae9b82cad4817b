/** Every cap of FORMAT.md, by name. */

export const MIN_FRAME_SIZE_LOG2 = 12;
export const MAX_FRAME_SIZE_LOG2 = 20;
export const DEFAULT_FRAME_SIZE = 65_536;
/** The most bytes in the bound section, and in the envelope. */
export const MAX_SECTION_SIZE = 65_536;
export const ENVELOPE_MULTIPLE = 1_024;
export const MAX_OPEN_CONTAINERS = 4;
export const MAX_UINT = Number.MAX_SAFE_INTEGER;
export const MAX_CONTEXT_BYTES = 8_192;
export const MAX_RECIPIENTS = 32;
export const MAX_KEY_NAME_BYTES = 2_048;
export const MAX_WRAPPED_BYTES = 6_144;
export const MAX_DATA_KEY_BYTES = 1_024;
/** FORMAT 6: indexes 0 to 2^32 - 2. */
export const MAX_FRAMES = 2 ** 32 - 1;
/** FORMAT 6: the most plaintext bytes in one stream. */
export const MAX_PLAINTEXT = 2 ** 50;
