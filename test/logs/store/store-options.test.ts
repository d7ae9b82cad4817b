import { describe, expect, it } from 'vitest';
import { logSettings } from '../../../src/logs/writer/options/log-options.js';
import { keys } from '../../support/test-keys.js';

const client = { send: async () => ({}), config: { region: () => 'eu-west-1' } };
const store = 's3://logs/app';

function settingsWith(options: object) {
  return logSettings({ keys, directory: 'log', ...options }).store;
}

describe('the options of a writer that are about its store', () => {
  it('have defaults', async () => {
    const found = settingsWith({ store, client });
    expect(found).toMatchObject({
      address: { bucket: 'logs', prefix: 'app/' },
      maxBytes: 10 * 2 ** 30,
      drain: 8_000,
      objectLock: undefined,
    });
    expect(await found!.client.get()).toBe(client);
    expect(settingsWith({})).toBeUndefined();
  });

  it.each([
    ['maxBytes', 1_000],
    ['drain', 0],
    ['objectLock', { mode: 'COMPLIANCE', days: 1 }],
    ['client', client],
    ['clientConfig', {}],
  ])('%s needs a store', (name, value) => {
    expect(() => settingsWith({ [name]: value })).toThrow(
      expect.objectContaining({
        name: 'TypeError',
        code: 'ERR_SEALPIPE_OPTIONS',
        message: `\`${name}\` needs \`store\``,
      }),
    );
    expect(() => settingsWith({ [name]: value, store })).not.toThrow();
  });

  it.each([
    ['a client and its configuration', { client, clientConfig: {} }],
    ['a client that is none', { client: {} }],
    ['a client as configuration', { clientConfig: client }],
    ['a configuration that is text', { clientConfig: 'eu-west-1' }],
    ['a lock without days', { objectLock: { mode: 'COMPLIANCE' } }],
    ['a lock of another mode', { objectLock: { mode: 'NONE', days: 1 } }],
    ['a spool of no byte', { maxBytes: 0 }],
    ['a drain that ends before it begins', { drain: -1 }],
    ['another scheme', { store: 'file:///logs' }],
  ])('refuse %s', (_what, options) => {
    expect(() => settingsWith({ store, ...options })).toThrow(
      expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' }),
    );
  });
});

describe('the client that a store makes', () => {
  it.each([
    ['with an endpoint it uses path style', { endpoint: 'http://127.0.0.1:1' }, true],
    ['unless it is told otherwise', { endpoint: 'http://127.0.0.1:1', forcePathStyle: false }, false],
    ['and not without one', {}, false],
  ])('%s', async (_what, config, isPathStyle) => {
    const { client: own } = settingsWith({ store, clientConfig: { region: 'eu-west-1', ...config } })!;
    const made = await own.get();
    expect(await own.get()).toBe(made);
    expect((made.config as { forcePathStyle?: boolean }).forcePathStyle === true).toBe(isPathStyle);
    expect(await made.config.region()).toBe('eu-west-1');
    own.close();
  });
});
