import { describe, expect, it } from 'vitest';
import { kms } from '../../../src/keys/kms/index.js';
import { keyRequest } from '../../conformance/key-request.js';
import { pathsTo } from '../../conformance/secret-search.js';
import type { Received, Reply } from './fake-service.js';
import { rejection, serviceForTests } from './service-for-tests.js';

const CONTEXT_VALUE = 'patient-4711 "Müller"';
const DATA_KEY = Buffer.from('data key of thirty-two bytes 0123');
const TOKEN = 'session-token-0815';
const SECRET_KEY = 'secret-access-key-0816';

/** Replies that quote the whole request, as a validation error, a proxy or a page for developers may. */
const ECHOES: readonly (readonly [string, (received: Received) => Reply])[] = [
  [
    'a validation error',
    ({ input }) => ({
      status: 400,
      body: JSON.stringify({
        __type: 'ValidationException',
        message: `1 validation error detected: Value '${JSON.stringify(input)}' failed to satisfy constraint`,
      }),
    }),
  ],
  [
    'an unknown error',
    ({ input }) => ({
      status: 400,
      body: JSON.stringify({ __type: 'OddException', Message: inspectable(input), input }),
    }),
  ],
  [
    'a failure of the service',
    ({ input }) => ({
      status: 500,
      body: JSON.stringify({ __type: 'KMSInternalException', message: inspectable(input) }),
    }),
  ],
  [
    'an HTML page',
    ({ input }) => ({ status: 500, body: `<pre>${inspectable(input)}</pre>`, type: 'text/html' }),
  ],
  ['no JSON', ({ input }) => ({ status: 200, body: inspectable(input) })],
  ['half an answer', ({ input }) => ({ status: 200, body: JSON.stringify(input).slice(0, -1) })],
  ...['OPTIONS', 'CONTEXT', 'KEY_DENIED'].map(
    (code) =>
      [
        `an error that calls itself ERR_SEALPIPE_${code}`,
        ({ input }: Received) => ({
          status: 400,
          body: JSON.stringify({
            __type: 'TypeError',
            name: 'SealpipeError',
            code: `ERR_SEALPIPE_${code}`,
            message: inspectable(input),
          }),
        }),
      ] as const,
  ),
  ['the request itself', ({ input }) => ({ status: 200, body: JSON.stringify(input) })],
];

function inspectable(input: Received['input']): string {
  const context = Object.entries((input['EncryptionContext'] ?? {}) as object).map(([k, v]) => `${k}=${v}`);
  return `{${context.join(', ')}} ${input['Plaintext']}`;
}

describe('an error that quotes the request', () => {
  const service = serviceForTests();

  it.each(ECHOES)('in %s, shows neither context values nor data keys nor credentials', async (_, echo) => {
    const credentials = { accessKeyId: 'AKID', secretAccessKey: SECRET_KEY, sessionToken: TOKEN };
    const clientConfig = { ...service().clientConfig(), credentials };
    const provider = kms({ keyId: service().kms.createKey(), clientConfig });
    const request = () => keyRequest({ context: { patient: CONTEXT_VALUE } });
    const { recipient } = await provider.generate(request());
    service().fault = echo;
    const errors = [
      await rejection(provider.generate(request())),
      await rejection(provider.wrap(DATA_KEY, request())),
      await rejection(provider.unwrap(recipient, request())),
      await rejection(provider.rewrap!(recipient, provider, request())),
    ];
    for (const error of errors) {
      expect(error['code']).toMatch(/^ERR_SEALPIPE_/);
      for (const secret of [CONTEXT_VALUE, 'Müller', DATA_KEY, TOKEN, SECRET_KEY]) {
        expect(pathsTo(error, secret), String(error)).toEqual([]);
      }
    }
  });
});
