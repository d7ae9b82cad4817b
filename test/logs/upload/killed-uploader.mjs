/*
 * node killed-uploader.mjs MODULE DIRECTORY STORE CONFIGURATION
 *
 * Writes a segment of ten lines of 1 MiB, ends it, and lets it go up to STORE with the inner modules that MODULE exports,
 * until it is killed. CONFIGURATION is that of the client, in JSON.
 */
const [, , module = '', directory = '', store = '', configuration = ''] = process.argv;

/**
 * @typedef {typeof import('../../../src/keys/raw.js')} RawKeys
 * @typedef {typeof import('../../../src/logs/writer/open-log-writer.js')} Writers
 */
/** @type {RawKeys & Writers} */
const { rawKey, openLogWriter } = await import(module);

const writer = await openLogWriter({
  keys: rawKey({ name: 'test', key: Buffer.alloc(32, 7) }),
  directory,
  store,
  clientConfig: JSON.parse(configuration),
  compress: false,
});
for (let i = 0; i < 10; i++) {
  writer.append(Buffer.alloc(2 ** 20, `${i}`));
  await writer.flush();
}
await writer.rotate();
setInterval(() => undefined, 1_000);
