import { expect } from 'vitest';
import type { OpenLocalKms } from '../../../src/local-kms/local-kms.js';
import { openLocalKms } from '../../../src/local-kms/local-kms.js';
import type { DiskState } from '../../support/crash/operations.js';
import { RecordedFiles } from '../../support/crash/recorded-files.js';
import { rawCall } from './raw-call.js';

export const DIRECTORY = '/kms';

/** A process with a KMS over a disk. */
export class Session {
  readonly files: RecordedFiles;
  readonly #open: OpenLocalKms;

  constructor(files: RecordedFiles) {
    this.files = files;
    this.#open = openLocalKms({ directory: DIRECTORY }, files);
  }

  /** The first process on a disk. */
  static on(disk: DiskState): Session {
    return new Session(new RecordedFiles(disk));
  }

  get kms() {
    return this.#open.kms;
  }

  createNamedKey(alias: string): Promise<string | undefined> {
    return this.#open.createNamedKey(alias, '');
  }

  async call(operation: string, members: object = {}): Promise<Record<string, unknown>> {
    const body = Buffer.from(JSON.stringify(members));
    const { status, content } = await rawCall(this.kms, `TrentService.${operation}`, body);
    if (status !== 200) throw new Error(`${operation}: ${JSON.stringify(content)}`);
    return content;
  }

  async createKey(): Promise<string> {
    return ((await this.call('CreateKey')).KeyMetadata as { KeyId: string }).KeyId;
  }

  async seal(KeyId: string): Promise<string> {
    return (await this.call('GenerateDataKey', { KeyId, KeySpec: 'AES_256' })).CiphertextBlob as string;
  }

  /** What a caller sees: keys, their states and secrets, and their aliases. Nothing is damaged. */
  async view(): Promise<string> {
    const { keys, aliases, damaged } = await this.#open.takeInventory();
    expect(damaged).toEqual([]);
    const { Keys } = (await this.call('ListKeys')) as { Keys: unknown[] };
    expect(Keys).toHaveLength(keys.length);
    await this.call('ListAliases');
    return JSON.stringify(
      keys.map(({ keyId, state, keyMaterialId }) => [keyId, state, keyMaterialId, aliases.get(keyId)]),
    );
  }
}

/** What is left of work on a disk if there is no power cut. */
export async function diskAfter(
  disk: DiskState,
  work: (session: Session) => Promise<unknown>,
): Promise<DiskState> {
  const session = Session.on(disk);
  await work(session);
  return session.files.state;
}
