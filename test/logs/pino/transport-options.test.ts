import { describe, expect, it } from 'vitest';
import { transportOptions } from '../../../src/logs/pino/transport-options.js';

const options = { directory: 'archive', key: 'alias/logs' };

describe('the options of the transport', () => {
  it('are those of a writer, with the names of keys and a context of their own', () => {
    const given = {
      ...options,
      key: ['alias/logs', 'file:escrow'],
      context: { app: 'shop' },
      fsync: 'segment',
    };
    expect(transportOptions(given)).toEqual({
      names: ['alias/logs', 'file:escrow'],
      writing: { directory: 'archive', encryptionContext: { app: 'shop' }, fsync: 'segment' },
    });
  });

  it('may stand beside what pino and thread-stream add', () => {
    const added = {
      $context: { threadStreamVersion: '4' },
      pinoWillSendConfig: true,
      levels: {},
      dedupe: true,
    };
    expect(transportOptions({ ...options, ...added })).toEqual(transportOptions(options));
  });

  it('never let the end wait for uploads', () => {
    expect(transportOptions({ ...options, store: 's3://bucket/logs' }).writing).toMatchObject({ drain: 0 });
    expect(transportOptions(options).writing.drain).toBeUndefined();
  });

  it.each([
    [{ ...options, drain: 1 }, 'knows no option "drain"'],
    [{ ...options, client: {} }, 'knows no option "client". Did you mean "clientConfig"?'],
    [{ ...options, keys: [] }, 'knows no option "keys". Did you mean "key"?'],
    [{ directory: 'archive' }, '`key` must be the name of a key, or a list of names'],
    [{ directory: 'archive', key: [] }, '`key` must be the name of a key, or a list of names'],
    [undefined, 'sealpipe/pino takes an object of options'],
  ])('are refused: %j', (given, message) => {
    const failure = expect.objectContaining({
      code: 'ERR_SEALPIPE_OPTIONS',
      message: expect.stringContaining(message),
    });
    expect(() => transportOptions(given)).toThrow(failure);
  });
});
