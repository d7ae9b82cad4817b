import { describe, expect, test } from 'vitest';
import { localClient } from '../support/local-client.js';
import { rawCall } from '../support/raw-call.js';

describe('an answer', () => {
  test('is AWS JSON 1.1 with a request id', async () => {
    const answer = await rawCall(localClient().kms, 'TrentService.ListKeys', '{}');
    expect(answer).toEqual({
      status: 200,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'content-length': '29',
        'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
      content: { Keys: [], Truncated: false },
    });
  });

  test('is given for bytes as for text', async () => {
    const answer = await rawCall(localClient().kms, 'TrentService.ListKeys', Buffer.from('{}'));
    expect(answer.status).toBe(200);
  });
});

describe('the target', () => {
  test.each([
    ['TrentService.Sign', 'The embedded KMS has no operation Sign.'],
    ['TrentService.toString', 'The embedded KMS has no operation toString.'],
    ['TrentService.__proto__', 'The embedded KMS has no operation __proto__.'],
    ['TrentService.', undefined],
    ['DynamoDB_20120810.ListKeys', undefined],
    ['ListKeys', undefined],
  ])('%s is no operation', async (target, message) => {
    expect(await rawCall(localClient().kms, target, '{}')).toMatchObject({
      status: 400,
      content: { __type: 'UnknownOperationException', ...(message === undefined ? {} : { message }) },
    });
  });

  test('that is missing is no operation', async () => {
    const { response } = await localClient().kms.requestHandler.handle({ headers: {}, body: '{}' });
    expect(response.statusCode).toBe(400);
    expect(new TextDecoder().decode(response.body)).toBe('{"__type":"UnknownOperationException"}');
  });
});

describe('a body that is not JSON', () => {
  test.each<[string, unknown]>([
    ['empty', ''],
    ['missing', undefined],
    ['cut short', '{"KeyId":'],
    ['with a byte order mark', '\ufeff{}'],
    ['not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ['null', 'null'],
    ['a list', '[]'],
    ['a string', '"x"'],
    ['a number', '7'],
  ])('%s: SerializationException', async (_what, body) => {
    const answer = await rawCall(localClient().kms, 'TrentService.ListKeys', body);
    expect(answer.status).toBe(400);
    expect(answer.content).toMatchObject({ __type: 'SerializationException' });
  });

  test('is not quoted in the answer', async () => {
    const answer = await rawCall(localClient().kms, 'TrentService.Encrypt', '{"Plaintext":"c2VjcmV0"');
    expect(answer.content).toEqual({ __type: 'SerializationException' });
  });
});

describe('a member of the wrong kind', () => {
  test.each<[string, string, string]>([
    ['DescribeKey', '{"KeyId":7}', 'NUMBER_VALUE can not be converted to a String'],
    ['DescribeKey', '{"KeyId":{"a":"b"}}', 'START_OBJECT can not be converted to a String'],
    ['DescribeKey', '{"KeyId":["a"]}', 'START_ARRAY can not be converted to a String'],
    ['GenerateRandom', '{"NumberOfBytes":"32"}', 'STRING_VALUE can not be converted to an Integer'],
    ['GenerateRandom', '{"NumberOfBytes":1.5}', 'NUMBER_VALUE can not be converted to an Integer'],
    ['GenerateRandom', '{"NumberOfBytes":1e400}', 'NUMBER_VALUE can not be converted to an Integer'],
    ['GenerateRandom', '{"NumberOfBytes":true}', 'TRUE_VALUE can not be converted to an Integer'],
    ['Decrypt', '{"CiphertextBlob":"not base64!"}', 'The value is not base64'],
    ['Decrypt', '{"CiphertextBlob":"YQ"}', 'The value is not base64'],
    ['Decrypt', '{"CiphertextBlob":[1,2]}', 'START_ARRAY can not be converted to a String'],
    ['Decrypt', '{"DryRun":"true"}', 'STRING_VALUE can not be converted to a Boolean'],
    ['Decrypt', '{"GrantTokens":"t"}', 'Expected list or null'],
    ['Decrypt', '{"GrantTokens":[null]}', 'Unexpected null'],
    ['Decrypt', '{"DryRunModifiers":[1]}', 'NUMBER_VALUE can not be converted to a String'],
  ])('%s %s: SerializationException', async (operation, body, message) => {
    expect(await rawCall(localClient().kms, `TrentService.${operation}`, body)).toMatchObject({
      status: 400,
      content: { __type: 'SerializationException', message },
    });
  });

  test('null is as good as none, and a stranger is ignored', async () => {
    const body = '{"Limit":null,"Marker":null,"Stranger":{"a":[1]}}';
    expect((await rawCall(localClient().kms, 'TrentService.ListKeys', body)).status).toBe(200);
  });

  test('an enum shows what it takes', async () => {
    const body = '{"KeyId":"k","KeySpec":"AES_512"}';
    expect((await rawCall(localClient().kms, 'TrentService.GenerateDataKey', body)).content).toEqual({
      __type: 'ValidationException',
      message:
        "1 validation error detected: Value 'AES_512' at 'keySpec' failed to satisfy constraint: Member must satisfy enum value set: [AES_256, AES_128]",
    });
  });
});
