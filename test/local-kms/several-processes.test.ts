import { readdir } from 'node:fs/promises';
import {
  CreateAliasCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  ListKeysCommand,
  paginateListAliases,
  paginateListKeys,
  RotateKeyOnDemandCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.js';
import { startChild } from './support/children.js';
import { createKey, localClient, refusal } from './support/local-client.js';

const CHILDREN = 8;
const ROUNDS = 25;

interface Promised {
  readonly keyId: string;
  readonly own: string;
  readonly won: string | null;
  readonly rotated: boolean;
  readonly blob: string;
}

describe('eight processes in one directory', () => {
  test('make 200 calls each, and no change of any is lost', { timeout: 120_000 }, async () => {
    const folder = await tempFolder();
    const { kms, client } = localClient(folder);
    const shared = await createKey(client);
    const children = Array.from({ length: CHILDREN }, (_, i) =>
      startChild('busy-child.js', [folder, `child-${i}`, shared.keyId]),
    );
    const ends = await Promise.all(children.map((child) => child.ended));
    expect(ends.map(({ status, stderr }) => `${status}${stderr}`)).toEqual(ends.map(() => '0'));
    const promised = ends.flatMap(({ lines }) => lines as readonly Promised[]);
    expect(promised).toHaveLength(CHILDREN * ROUNDS);

    // Exactly one process won each raced alias, and it stands for that process's key.
    const won = new Map(promised.filter((line) => line.won !== null).map((line) => [line.won!, line.keyId]));
    expect(promised.filter((line) => line.won !== null)).toHaveLength(ROUNDS);
    expect(won.size).toBe(ROUNDS);
    const aliases = new Map<string, string>();
    for await (const page of paginateListAliases({ client, pageSize: 7 }, {})) {
      for (const alias of page.Aliases!) aliases.set(alias.AliasName!, alias.TargetKeyId!);
    }
    const own = promised.map((line): [string, string] => [line.own, line.keyId]); // the last one of each holds
    expect(aliases).toEqual(new Map([...won, ...own]));

    // 200 attempts to rotate one key: the 25 that are allowed, each with its material.
    expect(promised.filter((line) => line.rotated)).toHaveLength(25);
    expect((await kms.exportKey(shared.keyId)).keyMaterials).toHaveLength(26);

    // Every key is there in the state it was left in, every ciphertext opens.
    const keyIds: string[] = [];
    for await (const page of paginateListKeys({ client }, {}))
      keyIds.push(...page.Keys!.map((key) => key.KeyId!));
    expect(keyIds.sort()).toEqual([shared.keyId, ...promised.map((line) => line.keyId)].sort());
    for (const { keyId, blob, own: alias } of promised) {
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: keyId }));
      expect(KeyMetadata!.KeyState).toBe('Disabled');
      const CiphertextBlob = Buffer.from(blob, 'base64');
      const EncryptionContext = { name: alias.slice('alias/own-'.length) };
      const opened = await client.send(new DecryptCommand({ CiphertextBlob, EncryptionContext }));
      expect(Buffer.from(opened.Plaintext!).toString()).toBe('data');
    }
    for (const kind of ['aliases', 'keys', 'materials']) {
      const names = await readdir(`${folder}/${kind}`);
      expect(names.filter((name) => name.endsWith('.tmp'))).toEqual([]);
    }
  });
});

describe('what one process has acknowledged', () => {
  async function two() {
    const folder = await tempFolder();
    return { one: localClient(folder).client, other: localClient(folder).client };
  }

  test('another sees at once: keys, states, aliases, materials', async () => {
    const { one, other } = await two();
    expect((await other.send(new ListKeysCommand({}))).Keys).toEqual([]);
    const first = await createKey(one);
    const second = await createKey(other);
    const describe = async (KeyId: string) =>
      (await other.send(new DescribeKeyCommand({ KeyId }))).KeyMetadata!;
    const AliasName = 'alias/a';
    for (let i = 0; i < 5; i++) {
      await one.send(new DisableKeyCommand({ KeyId: first.keyId }));
      expect((await describe(first.keyId)).KeyState).toBe('Disabled');
      await one.send(new EnableKeyCommand({ KeyId: first.keyId }));
      expect((await describe(first.keyId)).KeyState).toBe('Enabled');

      const target = i % 2 === 0 ? first : second;
      const Command = i === 0 ? CreateAliasCommand : UpdateAliasCommand;
      await one.send(new Command({ AliasName, TargetKeyId: target.keyId }));
      expect((await describe(AliasName)).Arn).toBe(target.arn);

      await one.send(new RotateKeyOnDemandCommand({ KeyId: first.keyId }));
      const Plaintext = Buffer.from([i]);
      const { CiphertextBlob } = await one.send(new EncryptCommand({ KeyId: first.keyId, Plaintext }));
      const opened = await other.send(new DecryptCommand({ CiphertextBlob }));
      expect(Buffer.from(opened.Plaintext!)).toEqual(Plaintext);
      expect(opened.KeyMaterialId).toBe((await describe(first.keyId)).CurrentKeyMaterialId);
    }
  });

  test('stands against calls at the same moment: one alias, one winner', async () => {
    const { one, other } = await two();
    const { keyId } = await createKey(one);
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, async (_, i) => {
        const client = i % 2 === 0 ? one : other;
        const call = client.send(new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId: keyId }));
        return call.then(
          () => 'won',
          async (error: unknown) => (await refusal(Promise.reject(error))).name,
        );
      }),
    );
    expect(outcomes.filter((outcome) => outcome === 'won')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'AlreadyExistsException')).toHaveLength(29);
  });
});
