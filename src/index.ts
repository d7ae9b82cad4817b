/**
 * Encrypts any Node stream on its way out and decrypts it on its way back: one data key for each stream, authenticated
 * frames, constant memory.
 *
 * Sizes are in bytes and times in milliseconds. *FORMAT n* is section n of `src/format/FORMAT.md` in the package.
 * Failures are {@link SealpipeError}s. Wrong use is a TypeError or RangeError whose `code` is `ERR_SEALPIPE_OPTIONS` or
 * `ERR_SEALPIPE_CONTEXT`. An abort is an AbortError whose `cause` is the signal's reason.
 *
 * @module sealpipe
 */
export type { EngineName } from './crypto/aead.js';
export type { EngineReport, SuiteReport } from './crypto/engines.js';
export { engines } from './crypto/engines.js';
export type { ErrorCode, ErrorDetails } from './errors.js';
export { isSealpipeError, SealpipeError } from './errors.js';
export type { DecryptFileOptions } from './files/decrypt-file.js';
export { decryptFile } from './files/decrypt-file.js';
export type { EncryptFileOptions } from './files/encrypt-file.js';
export { encryptFile } from './files/encrypt-file.js';
export type { FileOptions, FileProgress, FileReport } from './files/file-options.js';
export type { FilePlace } from './files/file-place.js';
export type { SizedHeader } from './format/sizes.js';
export { openedSize, sealedSize } from './format/sizes.js';
export type { ChainLink, ContentHints, LayoutName, Recipient, StreamHeader } from './format/stream-header.js';
export type { CachedKeys, CachedKeysOptions } from './keys/cache/cached.js';
export { cachedKeys } from './keys/cache/cached.js';
export type { ReuseLimits } from './keys/cache/key-budget.js';
export type {
  GeneratedKey,
  KeyAttempts,
  KeyProvider,
  KeyRequest,
  KeyTrial,
  KeyUsage,
} from './keys/provider.js';
export type { RawKeyOptions } from './keys/raw.js';
export { rawKey } from './keys/raw.js';

export type { DigestName } from './sealed/digest.js';
export type { OpenSealedOptions } from './sealed/reading/open-sealed.js';
export { openSealed } from './sealed/reading/open-sealed.js';
export type { RangeOptions, SealedReader } from './sealed/reading/reader.js';
export type { RecoverOptions } from './sealed/recovery/recover.js';
export { recover } from './sealed/recovery/recover.js';
export type { RecoverReport, SealedGap } from './sealed/recovery/recover-report.js';
export type { RecoveredPiece, RecoveredStreamOptions, Recovery } from './sealed/recovery/recovery.js';
export type { RewrapCall } from './sealed/rewrapping/key-calls.js';
export type { RecipientOrigin } from './sealed/rewrapping/next-recipients.js';
export { rewrap } from './sealed/rewrapping/rewrap.js';
export type { RecipientName, RewrapOptions } from './sealed/rewrapping/rewrap-options.js';
export type { RewrappedRecipient, RewrapReport } from './sealed/rewrapping/rewrap-report.js';
export type { SealedOptions } from './sealed/sealed-options.js';
export type { VerifyOptions } from './sealed/verification/verify.js';
export { verify } from './sealed/verification/verify.js';
export type { VerifyReport } from './sealed/verification/verify-report.js';
export type { DecryptOptions, LimitOptions } from './session/decrypt-options.js';
export type { Direction, KeyMessage, StreamMessage } from './session/diagnostics.js';
export type { EncryptOptions } from './session/encrypt-options.js';
export { decrypt, encrypt } from './session/one-shot.js';
export type { Progress, ProgressListener } from './session/progress.js';
export type { StreamOptions } from './session/stream-options.js';
export type { ByteSource, SealedSource } from './sources/byte-source.js';
export type { StreamFault } from './stream-fault.js';
export type { DecryptStream } from './streams/decrypt-stream.js';
export { createDecryptStream } from './streams/decrypt-stream.js';
export type { EncryptStream } from './streams/encrypt-stream.js';
export { createEncryptStream } from './streams/encrypt-stream.js';
export type { SealpipeStream } from './streams/keyed-transform.js';
export { readHeader } from './streams/read-header.js';
export type { SuiteName } from './suites.js';
