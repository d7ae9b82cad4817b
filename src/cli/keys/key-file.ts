import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { wipe } from '../../crypto/secret.js';
import type { KeyProvider } from '../../keys/provider.js';
import { rawKey } from '../../keys/raw.js';
import { isSystemError, reason } from '../exit-status.js';
import { descriptorNamed, inherited } from '../io/descriptors/named-descriptors.js';
import { CommandError, EXIT, misuse } from '../terminal/command-error.js';
import { KEY_TROUBLE, KEY_USAGE } from '../terminal/key-messages.js';
import { isKeyText } from './key-text.js';
import { encodingOf } from './text-encoding.js';

const KEY_SIZE = 32;
const MOST_BYTES = 1_024;
const GROUP_AND_WORLD = 0o077;
const ROOT = 0;
const FINGERPRINT_LABEL = 'sealpipe key file\0';
const FINGERPRINT_DIGITS = 16;

const HEX = /^[0-9a-fA-F]{64}$/;
const BASE64 = /^[A-Za-z0-9+/]{43}=?$/;
const BASE64URL = /^[A-Za-z0-9_-]{43}=?$/;
const TYPED = /^[\x20-\x7e]{32}$/;

/**
 * The key in a file, which goes by a fingerprint of its own in the streams: the file may be moved and renamed.
 *
 * @throws CommandError with status 5 where the file cannot be read, is open to others or another's, or does not hold 32 bytes
 */
export async function keyFromFile(path: string): Promise<KeyProvider> {
  const content = await readPrivate(path);
  const key = decode(content, path);
  try {
    return rawKey({ name: fingerprint(key), key });
  } finally {
    wipe(content, key);
  }
}

/** The first 16 hexadecimal digits of SHA-256("sealpipe key file" ‖ 00 ‖ key): tells keys apart, and nothing of them. */
function fingerprint(key: Uint8Array): string {
  return createHash('sha256')
    .update(FINGERPRINT_LABEL)
    .update(key)
    .digest('hex')
    .slice(0, FINGERPRINT_DIGITS);
}

/** The whole content of a small file that its owner alone may read. (Modes are not checked on Windows.) */
async function readPrivate(path: string): Promise<Buffer> {
  try {
    const descriptor = descriptorNamed(path);
    if (descriptor !== undefined) inherited(descriptor, path);
    const handle = await open(path, 'r');
    try {
      assertPrivate(await handle.stat(), path, descriptor !== undefined);
      const content = Buffer.alloc(MOST_BYTES + 1);
      let length = 0;
      for (let read = 1; read > 0 && length < content.length; length += read) {
        ({ bytesRead: read } = await handle.read(content, length, content.length - length, null));
      }
      return content.subarray(0, length);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!isSystemError(error)) throw error;
    // The error of the system repeats the path, too.
    if (isKeyText(path)) throw misuse(KEY_USAGE.keyItself());
    throw new CommandError(EXIT.key, KEY_TROUBLE.cannotRead(path, reason(error)), error);
  }
}

/**
 * Refuses what others may read, or have made. A pipe that the command was started with is not another's, although it says
 * so under sudo. What belongs to root is as good as our own: root reads and replaces that, too.
 */
function assertPrivate(stats: Stats, path: string, isDescriptor: boolean): void {
  const { mode, uid } = stats;
  const ourselves = process.geteuid?.();
  // Windows has neither modes nor owners of this kind.
  if (ourselves === undefined) return;
  if ((mode & GROUP_AND_WORLD) !== 0) {
    throw new CommandError(EXIT.key, KEY_TROUBLE.open(path, (mode & 0o777).toString(8)));
  }
  if (uid === ourselves || uid === ROOT || (isDescriptor && !stats.isFile())) return;
  throw new CommandError(EXIT.key, KEY_TROUBLE.notYours(path, uid));
}

/** 32 bytes as they are, or as text in hex or base64, which may end in a line break. */
function decode(content: Buffer, path: string): Buffer {
  const text = content.toString('latin1').replace(/[\r\n]+$/, '');
  if (HEX.test(text)) return Buffer.from(text, 'hex');
  // Node reads both alphabets as 'base64'.
  if (BASE64.test(text) || BASE64URL.test(text)) return Buffer.from(text, 'base64');
  if (TYPED.test(text)) throw new CommandError(EXIT.key, KEY_TROUBLE.looksTyped(path));
  const encoding = encodingOf(content);
  if (encoding !== undefined) throw new CommandError(EXIT.key, KEY_TROUBLE.notAscii(path, encoding));
  if (content.length === KEY_SIZE) return Buffer.from(content);
  throw new CommandError(EXIT.key, KEY_TROUBLE.notAKey(path));
}
