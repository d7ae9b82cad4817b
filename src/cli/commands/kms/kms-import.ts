import { addAbortSignal } from 'node:stream';
import { wipe } from '../../../bytes.js';
import { isSealpipeError } from '../../../errors.js';
import type { ExportedKey } from '../../../local-kms/index.js';
import { isSystemError, reason } from '../../../system-error.js';
import { asClause } from '../../exit-status.js';
import type { Invocation } from '../../invocation.js';
import type { Input } from '../../io/input/input.js';
import { openInput } from '../../io/input/input.js';
import { printText } from '../../io/output/print-text.js';
import { parseAlias } from '../../keys/key-reference.js';
import type { EmbeddedKms } from '../../keys/local/embedded-kms.js';
import { callEmbeddedKms, embeddedKms } from '../../keys/local/embedded-kms.js';
import { BadExport, decodeExport } from '../../keys/local/exported-key.js';
import { findKey, requireKey, withAliases } from '../../keys/local/local-keys.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { FILE_TROUBLE } from '../../terminal/messages/files/files.js';
import { KMS_NOTES } from '../../terminal/messages/keys/embedded-kms.js';
import { KEY_TROUBLE, KEY_USAGE } from '../../terminal/messages/keys/keys.js';
import { printableJson } from '../../terminal/printable.js';
import type { Command } from '../command.js';
import { withKms } from './with-kms.js';

/** More than a key with all its rotations and the longest description takes. */
const MOST_BYTES = 262_144;

/** `sealpipe kms import`. */
export const importCommand: Command = async ({ options, operands }, invocation) => {
  const name = options.text('alias');
  const alias = name === undefined ? undefined : parseAlias(name);
  const input = await openInput(operands[0]);
  if (input.isTerminal) throw misuse(KEY_USAGE.typedKey());
  await withKms(await embeddedKms(invocation.env), async (kms) => {
    const { keyId } = await bringIn(input, alias, kms, invocation);
    // A key that existed here before it was purged gets its old aliases again.
    const isNamed = alias === undefined || (await findKey(kms, alias))?.keyId === keyId;
    if (!isNamed) await callEmbeddedKms(kms, 'CreateAlias', { AliasName: alias, TargetKeyId: keyId });
    const text = options.has('json')
      ? printableJson((await withAliases(kms, await requireKey(kms, keyId))).key)
      : `local:${alias ?? keyId}`;
    await printText(`${text}\n`, { mayVanish: !options.has('json') });
    invocation.terminal.note(KMS_NOTES.keyImported(kms.folder));
  });
};

async function bringIn(
  input: Input,
  alias: string | undefined,
  kms: EmbeddedKms,
  { signal }: Invocation,
): Promise<ExportedKey> {
  let key: ExportedKey | undefined;
  try {
    key = await readExport(input, signal);
    if (alias !== undefined && (await findKey(kms, alias)) !== undefined)
      throw misuse(KEY_TROUBLE.aliasTaken(alias));
    await kms.kms.importKey(key);
    return key;
  } catch (error) {
    throw explained(error, input.name, key?.keyId);
  } finally {
    wipe(...(key?.keyMaterials ?? []).map(({ keyMaterial }) => keyMaterial));
    await input.close();
  }
}

/** The error of the KMS for a key that it refuses. */
function explained(error: unknown, source: string, keyId: string | undefined): unknown {
  if (isSealpipeError(error) && error.code === 'ERR_SEALPIPE_EXISTS') {
    return misuse(KEY_TROUBLE.keyExists(`local:${keyId}`, error.cause === undefined));
  }
  const isMalformed = error instanceof TypeError && 'code' in error && error.code === 'ERR_SEALPIPE_OPTIONS';
  if (!isMalformed) return error;
  return new CommandError(EXIT.notAuthentic, KEY_TROUBLE.notAnExport(source, asClause(error.message)), error);
}

async function readExport(input: Input, signal: AbortSignal): Promise<ExportedKey> {
  const content = Buffer.alloc(MOST_BYTES);
  let length = 0;
  try {
    for await (const chunk of addAbortSignal(signal, input.stream())) {
      const bytes: Buffer = chunk;
      length += bytes.copy(content, length);
      bytes.fill(0);
      if (length === MOST_BYTES) throw new BadExport('it is too long');
    }
    return decodeExport(content.subarray(0, length));
  } catch (error) {
    if (error instanceof BadExport) {
      const words = error.isLater
        ? KEY_TROUBLE.laterExport(input.name)
        : KEY_TROUBLE.notAnExport(input.name, `the exported key is malformed: ${error.message}`);
      throw new CommandError(EXIT.notAuthentic, words, error);
    }
    if (!isSystemError(error)) throw error;
    throw new CommandError(EXIT.other, FILE_TROUBLE.cannotRead(input.name, reason(error)), error);
  } finally {
    wipe(content);
  }
}
