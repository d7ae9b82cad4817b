import {
  CreateAliasCommand,
  DecryptCommand,
  DeleteAliasCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  ListAliasesCommand,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from '@aws-sdk/client-kms';
import { describe, expect, test } from 'vitest';
import { createKey, localClient, refusal, validation } from '../support/local-client.js';

const ALIAS_ARN = 'arn:aws:kms:local:000000000000:alias/app/main';
const NOT_FOUND = { name: 'NotFoundException', status: 400, message: `Alias ${ALIAS_ARN} is not found.` };

async function withAlias() {
  const { client } = localClient();
  const { keyId, arn } = await createKey(client);
  await client.send(new CreateAliasCommand({ AliasName: 'alias/app/main', TargetKeyId: arn }));
  return { client, keyId, arn };
}

describe('an alias', () => {
  test.each([['alias/app/main'], [ALIAS_ARN]])(
    'as %s stands for its key, which answers by its ARN',
    async (KeyId) => {
      const { client, arn } = await withAlias();
      const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
      expect(KeyMetadata!.Arn).toBe(arn);
      const sealed = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from('x') }));
      expect(sealed.KeyId).toBe(arn);
      const opened = await client.send(new DecryptCommand({ KeyId, CiphertextBlob: sealed.CiphertextBlob }));
      expect(opened.KeyId).toBe(arn);
    },
  );

  test.each([
    ['EnableKey', EnableKeyCommand],
    ['DisableKey', DisableKeyCommand],
    ['RotateKeyOnDemand', RotateKeyOnDemandCommand],
    ['ScheduleKeyDeletion', ScheduleKeyDeletionCommand],
  ])('is no name for %s', async (_name, Command) => {
    const { client } = await withAlias();
    expect(await refusal(client.send(new Command({ KeyId: 'alias/app/main' })))).toEqual({
      name: 'NotFoundException',
      status: 400,
      message: "Invalid keyId 'alias/app/main'",
    });
    expect(await refusal(client.send(new Command({ KeyId: ALIAS_ARN })))).toEqual({
      name: 'InvalidArnException',
      status: 400,
      message: `Invalid arn ${ALIAS_ARN}`,
    });
  });

  test('cannot be made twice, not even for the same key', async () => {
    const { client, keyId } = await withAlias();
    const again = new CreateAliasCommand({ AliasName: 'alias/app/main', TargetKeyId: keyId });
    expect(await refusal(client.send(again))).toEqual({
      name: 'AlreadyExistsException',
      status: 400,
      message: `An alias with the name ${ALIAS_ARN} already exists`,
    });
  });

  test('differs from another by case', async () => {
    const { client, arn } = await withAlias();
    const other = await createKey(client);
    await client.send(new CreateAliasCommand({ AliasName: 'alias/app/MAIN', TargetKeyId: other.keyId }));
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: 'alias/app/main' }));
    expect(KeyMetadata!.Arn).toBe(arn);
  });

  test('that was pointed elsewhere no longer opens what its old key sealed', async () => {
    const { client, keyId } = await withAlias();
    const { CiphertextBlob } = await client.send(
      new EncryptCommand({ KeyId: 'alias/app/main', Plaintext: Buffer.from('x') }),
    );
    const other = await createKey(client);
    const update = new UpdateAliasCommand({ AliasName: 'alias/app/main', TargetKeyId: other.keyId });
    await client.send(update);
    expect(
      (await refusal(client.send(new DecryptCommand({ KeyId: 'alias/app/main', CiphertextBlob })))).name,
    ).toBe('IncorrectKeyException');
    await expect(client.send(new DecryptCommand({ KeyId: keyId, CiphertextBlob }))).resolves.toBeDefined();
    const { Aliases } = await client.send(new ListAliasesCommand({ KeyId: other.keyId }));
    expect(Aliases).toMatchObject([
      { AliasName: 'alias/app/main', AliasArn: ALIAS_ARN, TargetKeyId: other.keyId },
    ]);
  });

  test('that was deleted is not there, and its name is free', async () => {
    const { client, keyId } = await withAlias();
    await client.send(new DeleteAliasCommand({ AliasName: 'alias/app/main' }));
    const name = { AliasName: 'alias/app/main' };
    expect(await refusal(client.send(new DescribeKeyCommand({ KeyId: 'alias/app/main' })))).toEqual(
      NOT_FOUND,
    );
    expect(await refusal(client.send(new DeleteAliasCommand(name)))).toEqual(NOT_FOUND);
    expect(await refusal(client.send(new UpdateAliasCommand({ ...name, TargetKeyId: keyId })))).toEqual(
      NOT_FOUND,
    );
    expect((await client.send(new ListAliasesCommand({}))).Aliases).toEqual([]);
    await client.send(new CreateAliasCommand({ ...name, TargetKeyId: keyId }));
    expect((await client.send(new ListAliasesCommand({}))).Aliases).toHaveLength(1);
  });
});

describe('the name of a new alias', () => {
  const PREFIX = validation(
    'Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html',
  );

  test.each([
    ['main', PREFIX],
    ['alias/', PREFIX],
    ['Alias/main', PREFIX],
    ['alias/aws/s3', { name: 'NotAuthorizedException', status: 400, message: 'UnknownError' }],
    [
      'alias/a b',
      validation(
        "1 validation error detected: Value 'alias/a b' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
      ),
    ],
    [
      '',
      validation(
        "2 validation errors detected: Value '' at 'aliasName' failed to satisfy constraint: Member must have length greater than or equal to 1; Value '' at 'aliasName' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9:/_-]+$",
      ),
    ],
    [
      `alias/${'x'.repeat(251)}`,
      validation(
        `1 validation error detected: Value 'alias/${'x'.repeat(251)}' at 'aliasName' failed to satisfy constraint: Member must have length less than or equal to 256`,
      ),
    ],
  ])('%j is refused', async (AliasName, expected) => {
    const { client } = localClient();
    const { keyId } = await createKey(client);
    expect(await refusal(client.send(new CreateAliasCommand({ AliasName, TargetKeyId: keyId })))).toEqual(
      expected,
    );
  });

  test('may be as long as 256 characters', async () => {
    const { client } = localClient();
    const { keyId, arn } = await createKey(client);
    const AliasName = `alias/${'x'.repeat(250)}`;
    await client.send(new CreateAliasCommand({ AliasName, TargetKeyId: keyId }));
    expect((await client.send(new DescribeKeyCommand({ KeyId: AliasName }))).KeyMetadata!.Arn).toBe(arn);
  });
});

describe('the target of an alias', () => {
  test.each([['CreateAlias'], ['UpdateAlias']])('of %s is no alias', async (operation) => {
    const { client } = await withAlias();
    const Command = operation === 'CreateAlias' ? CreateAliasCommand : UpdateAliasCommand;
    const call = client.send(new Command({ AliasName: 'alias/app/main', TargetKeyId: 'alias/app/main' }));
    expect(await refusal(call)).toEqual(validation('Aliases must refer to keys. Not aliases'));
  });

  test('must be there', async () => {
    const { client } = localClient();
    const TargetKeyId = '6f2e28f9-7602-47da-acd8-1afef05d688a';
    const call = client.send(new CreateAliasCommand({ AliasName: 'alias/a', TargetKeyId }));
    expect(await refusal(call)).toEqual({
      name: 'NotFoundException',
      status: 400,
      message: `Key 'arn:aws:kms:local:000000000000:key/${TargetKeyId}' does not exist`,
    });
  });
});
