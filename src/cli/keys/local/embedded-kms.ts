import { access } from 'node:fs/promises';
import { localKmsFolder } from '../../../keys/home.js';
import type { KmsClientLike } from '../../../keys/kms/index.js';
import { localClient } from '../../../keys/local-client.js';
import type { OpenLocalKms } from '../../../local-kms/local-kms.js';
import { isSystemError } from '../../../system-error.js';
import { CommandError, EXIT, misuse } from '../../terminal/command-error.js';
import { USAGE } from '../../terminal/messages/command-line.js';
import { KEY_TROUBLE } from '../../terminal/messages/keys/keys.js';
import { isText } from '../../terminal/text.js';

/** The embedded KMS of the current user. */
export interface EmbeddedKms extends OpenLocalKms {
  /** The folder of its keys. */
  readonly folder: string;
  /** Calls it, for `kms({ client })`. */
  readonly client: KmsClientLike;
}

type Members = Readonly<Record<string, unknown>>;

/** A refusal of the embedded KMS, by AWS's name. */
export class Refusal extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/** The folder of the keys of the embedded KMS, whether it exists or not. */
export function kmsFolder(env: NodeJS.ProcessEnv): string {
  const home = env.SEALPIPE_HOME;
  if (home !== undefined && !isText(home)) throw misuse(USAGE.notText(home));
  return localKmsFolder(env);
}

/** Opens the embedded KMS, which is created with its first key. */
export async function embeddedKms(env: NodeJS.ProcessEnv): Promise<EmbeddedKms> {
  const folder = kmsFolder(env);
  const { openKmsIn } = await import('./kms-code.js');
  const opened = openKmsIn(folder);
  return { folder, ...opened, client: localClient(opened.kms.requestHandler) };
}

/** Whether the embedded KMS exists. A KMS that cannot be reached counts as existing: its first call says why. */
export async function isEmbeddedKmsThere(env: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    await access(kmsFolder(env));
    return true;
  } catch (error) {
    return !(isSystemError(error) && error.code === 'ENOENT');
  }
}

/** Opens the embedded KMS if it exists, so that reading keys creates no folder. */
export async function embeddedKmsIfThere(env: NodeJS.ProcessEnv): Promise<EmbeddedKms | undefined> {
  return (await isEmbeddedKmsThere(env)) ? embeddedKms(env) : undefined;
}

/** The same. @throws CommandError with status 5 if it does not exist */
export async function existingEmbeddedKms(env: NodeJS.ProcessEnv): Promise<EmbeddedKms> {
  const kms = await embeddedKmsIfThere(env);
  if (kms === undefined) throw new CommandError(EXIT.key, KEY_TROUBLE.noEmbeddedKms(kmsFolder(env)));
  return kms;
}

/**
 * Calls an operation of the KMS in its own protocol, without loading AWS code.
 *
 * @throws Refusal if it refuses
 */
export async function callEmbeddedKms(
  { kms }: EmbeddedKms,
  operation: string,
  input: Members,
): Promise<Members> {
  const { response } = await kms.requestHandler.handle({
    headers: { 'x-amz-target': `TrentService.${operation}` },
    body: JSON.stringify(input),
  });
  const answer = JSON.parse(Buffer.from(response.body).toString()) as Members;
  if (response.statusCode === 200) return answer;
  throw new Refusal(String(answer.__type), String(answer.message ?? answer.__type));
}
