import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { wipe } from '../bytes.js';
import type { ErrorCode } from '../errors.js';
import { SealpipeError } from '../errors.js';
import { GROUP_AND_WORLD } from '../file-system.js';
import { descriptorNamed } from '../sources/descriptor-name.js';
import { isSystemError, reason } from '../system-error.js';
import { isKeyText, looksLikeKey } from '../text/key-text.js';
import type { KeyProvider } from './provider.js';
import { rawKey, WRAPPING_KEY_SIZE } from './raw.js';
import { encodingOf } from './text-encoding.js';

const MAKE_ONE = 'Make one with: (umask 077; openssl rand -hex 32 > FILE)';
const MOST_BYTES = 1_024;
const ROOT = 0;
const FINGERPRINT_LABEL = 'sealpipe key file\0';
const FINGERPRINT_DIGITS = 16;

const HEX = /^[0-9a-fA-F]{64}$/;
const BASE64 = /^[A-Za-z0-9+/]{43}=?$/;
const BASE64URL = /^[A-Za-z0-9_-]{43}=?$/;
const TYPED = /^[\x20-\x7e]{32}$/;

/**
 * The key in a file. Streams name it by its fingerprint, so the file may be moved and renamed.
 *
 * @throws SealpipeError `ERR_SEALPIPE_KEY_NOT_FOUND` if there is no file, `_KEY_DENIED` if it cannot be read, is open
 * to others or belongs to another user, `_KEY_UNAVAILABLE` if it does not hold 32 bytes
 */
export async function keyFromFile(path: string): Promise<KeyProvider> {
  const content = Buffer.alloc(MOST_BYTES + 1);
  let key: Buffer | undefined;
  try {
    key = decode(content.subarray(0, await readPrivate(path, content)), path);
    return rawKey({ name: fingerprint(key), key });
  } finally {
    wipe(content, key);
  }
}

/**
 * The first 16 hexadecimal digits of SHA-256("sealpipe key file" ‖ 00 ‖ key): tells keys apart and reveals nothing
 * about them.
 */
function fingerprint(key: Uint8Array): string {
  return createHash('sha256')
    .update(FINGERPRINT_LABEL)
    .update(key)
    .digest('hex')
    .slice(0, FINGERPRINT_DIGITS);
}

/**
 * Reads a small file that only its owner may read. (Modes are not checked on Windows.)
 *
 * @returns how many bytes of `content` it fills
 */
async function readPrivate(path: string, content: Buffer): Promise<number> {
  try {
    const isDescriptor = descriptorNamed(path) !== undefined;
    const handle = await open(path, 'r');
    try {
      assertPrivate(await handle.stat(), path, isDescriptor);
      let length = 0;
      for (let read = 1; read > 0 && length < content.length; length += read) {
        ({ bytesRead: read } = await handle.read(content, length, content.length - length, null));
      }
      return length;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // The error of the system would repeat the path.
    if (isKeyText(path)) throw looksLikeKey();
    throw cannotRead(path, error);
  }
}

/**
 * Refuses a file that others may read or own. A pipe that the process was started with is accepted although sudo gives
 * it another owner. A file of root is accepted: root can read and replace every file anyway.
 */
function assertPrivate(stats: Stats, path: string, isDescriptor: boolean): void {
  const { mode, uid } = stats;
  const ourselves = process.geteuid?.();
  // Windows has neither modes nor owners of this kind.
  if (ourselves === undefined) return;
  if ((mode & GROUP_AND_WORLD) !== 0) {
    throw refused(
      `Users other than its owner can access the key file ${path} (mode ${(mode & 0o777).toString(8)})`,
      'Run chmod 600 on it. If others may have read it, make a new key',
      'ERR_SEALPIPE_KEY_DENIED',
    );
  }
  if (uid === ourselves || uid === ROOT || (isDescriptor && !stats.isFile())) return;
  throw refused(
    `The key file ${path} belongs to another user (id ${uid}), who can read and replace it`,
    'Run sealpipe as that user, or make a key file of your own',
    'ERR_SEALPIPE_KEY_DENIED',
  );
}

/** 32 raw bytes, or text in hex or base64, which may end with a line break. */
function decode(content: Buffer, path: string): Buffer {
  const text = content.toString('latin1').replace(/[\r\n]+$/, '');
  if (HEX.test(text)) return Buffer.from(text, 'hex');
  // Node's 'base64' reads both alphabets.
  if (BASE64.test(text) || BASE64URL.test(text)) return Buffer.from(text, 'base64');
  if (TYPED.test(text)) {
    throw refused(`${path} contains 32 characters that look typed, not a random key`, MAKE_ONE);
  }
  const encoding = encodingOf(content);
  if (encoding !== undefined) {
    throw refused(
      `${path} is text in ${encoding}: a key is hex or base64 in plain ASCII`,
      'Windows writes such files. Save it as ASCII: iconv -t ASCII, or Out-File -Encoding ascii in PowerShell',
    );
  }
  if (content.length === WRAPPING_KEY_SIZE) return Buffer.from(content);
  throw refused(`${path} does not contain a 32-byte key`, `${MAKE_ONE}. It may be hex, base64 or raw bytes`);
}

function cannotRead(path: string, error: NodeJS.ErrnoException): SealpipeError {
  const code = error.code === 'ENOENT' ? 'ERR_SEALPIPE_KEY_NOT_FOUND' : 'ERR_SEALPIPE_KEY_DENIED';
  const hint = path.startsWith('~')
    ? 'The shell expands ~ only at the start of a word: write "file:$HOME/…"'
    : undefined;
  return new SealpipeError(code, `Cannot read the key file ${path}: ${reason(error)}`, {
    hint,
    cause: error,
  });
}

function refused(
  message: string,
  hint: string,
  code: ErrorCode = 'ERR_SEALPIPE_KEY_UNAVAILABLE',
): SealpipeError {
  return new SealpipeError(code, message, { hint });
}
