import {
  CreateAliasCommand,
  ListAliasesCommand,
  ListKeysCommand,
  paginateListKeys,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { createKey, localClient, refusal, validation } from './support/local-client.js';

async function withKeys(count: number) {
  const { client } = localClient();
  const keyIds: string[] = [];
  for (let i = 0; i < count; i++) keyIds.push((await createKey(client)).keyId);
  return { client, keyIds: keyIds.sort() };
}

describe('ListKeys', () => {
  test.each([
    [0, 1, [0]],
    [5, 5, [5]],
    [5, 2, [2, 2, 1]],
    [4, 2, [2, 2]],
    [3, 1, [1, 1, 1]],
  ])('shows %i keys in pages of %i', async (count, pageSize, pages) => {
    const { client, keyIds } = await withKeys(count);
    const sizes: number[] = [];
    const found: string[] = [];
    for await (const page of paginateListKeys({ client, pageSize }, {})) {
      sizes.push(page.Keys!.length);
      found.push(...page.Keys!.map((key) => key.KeyId!));
      expect(page.Truncated).toBe(found.length < count);
      expect(page.NextMarker === undefined).toBe(found.length === count);
    }
    expect(sizes).toEqual(pages);
    expect(found).toEqual(keyIds);
  });

  test('shows 100 at a time unless told', async () => {
    const { client } = await withKeys(101);
    const { Keys, Truncated } = await client.send(new ListKeysCommand({}));
    expect(Keys).toHaveLength(100);
    expect(Truncated).toBe(true);
    expect(Keys![0]).toEqual({
      KeyId: expect.any(String),
      KeyArn: `arn:aws:kms:local:000000000000:key/${Keys![0]!.KeyId}`,
    });
  });

  test('neither repeats nor skips when keys come between two pages', async () => {
    const { client, keyIds } = await withKeys(4);
    const first = await client.send(new ListKeysCommand({ Limit: 2 }));
    await createKey(client);
    await createKey(client);
    const second = await client.send(new ListKeysCommand({ Limit: 1000, Marker: first.NextMarker }));
    const found = [...first.Keys!, ...second.Keys!].map((key) => key.KeyId!);
    expect(new Set(found).size).toBe(found.length);
    expect(keyIds.filter((keyId) => !found.includes(keyId))).toEqual([]);
  });

  test.each([
    [0, 'greater than or equal to 1'],
    [1001, 'less than or equal to 1000'],
  ])('refuses pages of %i', async (Limit, bound) => {
    expect(await refusal(localClient().client.send(new ListKeysCommand({ Limit })))).toEqual(
      validation(
        `1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value ${bound}`,
      ),
    );
  });

  test('refuses a marker that it did not make', async () => {
    const call = localClient().client.send(new ListKeysCommand({ Marker: 'not a marker' }));
    expect((await refusal(call)).name).toBe('InvalidMarkerException');
  });
});

describe('ListAliases', () => {
  test('shows all, or those of one key, in the order of their names', async () => {
    const { client, keyIds } = await withKeys(2);
    const names = ['alias/b', 'alias/a', 'alias/d', 'alias/c'];
    for (const [i, AliasName] of names.entries()) {
      await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: keyIds[i % 2]! }));
    }
    const all = await client.send(new ListAliasesCommand({}));
    expect(all.Aliases!.map((alias) => alias.AliasName)).toEqual([...names].sort());
    expect(all.Aliases![0]).toEqual({
      AliasName: 'alias/a',
      AliasArn: 'arn:aws:kms:local:000000000000:alias/a',
      TargetKeyId: keyIds[1],
      CreationDate: expect.any(Date),
      LastUpdatedDate: expect.any(Date),
    });
    const first = await client.send(new ListAliasesCommand({ KeyId: keyIds[0], Limit: 1 }));
    expect(first).toMatchObject({ Aliases: [{ AliasName: 'alias/b' }], Truncated: true });
    const second = await client.send(
      new ListAliasesCommand({ KeyId: keyIds[0], Limit: 1, Marker: first.NextMarker }),
    );
    expect(second).toMatchObject({ Aliases: [{ AliasName: 'alias/d' }], Truncated: false });
  });
});
