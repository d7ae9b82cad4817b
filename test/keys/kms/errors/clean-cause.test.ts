import { DisabledException } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { cleanCause } from '../../../../src/keys/kms/errors/clean-cause.js';
import { KMS_ERRORS } from '../../../../src/keys/kms/index.js';
import { QUOTINGS } from '../../../conformance/quotings.js';
import { pathsTo, textOf } from '../../../conformance/secret-search.js';
import { runs } from '../../../support/sample.js';

const SECRET = 'Patient 4711 "Müller" \u{1f511}';

/** An error as the SDK throws it. */
function sdkError(message: string, response: unknown = { headers: { token: 'session' } }): DisabledException {
  const requestId = '0f7b5a5e-1111-4222-8333-0123456789ab';
  const error = new DisabledException({ message, $metadata: { httpStatusCode: 400, requestId } });
  return Object.defineProperty(error, '$response', { value: response, enumerable: false });
}

describe('the cause of a failed call', () => {
  it('keeps name, status and request id, and says in our words what AWS is known to say', () => {
    const error = sdkError('arn:aws:kms:eu-west-1:111122223333:key/a is disabled.');
    const cause = cleanCause(error, []);
    expect(cause).toMatchObject({
      name: 'DisabledException',
      message: 'the state of the key is Disabled',
      $fault: 'client',
      $metadata: { httpStatusCode: 400, requestId: error.$metadata.requestId },
    });
    expect(pathsTo(cause, 'session')).toEqual([]);
    expect(cause.stack).toBe('DisabledException: the state of the key is Disabled');
  });

  it.each([
    [
      'User: a is not authorized to perform: kms:Decrypt because no key policy',
      'the caller is not authorized',
    ],
    [
      'User: a is not authorized to perform: kms:Decrypt on resource: b because no identity-based policy allows the kms:Decrypt action',
      'no identity-based policy allows it',
    ],
    ['… with an explicit deny in a resource-based policy', 'a resource-based policy denies it'],
    [
      "1 validation error detected: Value '…' at 'encryptionContext' failed to satisfy constraint: …",
      'encryptionContext is not legal',
    ],
    ['Rate exceeded', 'too many requests'],
    ['something else', '[redacted]'],
    ['', '[redacted]'],
    [`${' '.repeat(4_096)}Rate exceeded`, '[redacted]'],
  ])('of %j is %j', (message, words) => expect(cleanCause(new Error(message), []).message).toBe(words));

  it('keeps every name of the table, whatever the context says', () => {
    for (const { name } of KMS_ERRORS) {
      const byName = cleanCause(Object.assign(sdkError('no'), { name }), [name]);
      expect(byName.name).toBe(name);
      expect(cleanCause(Object.assign(new Error('no'), { code: name }), [name])).toHaveProperty('code', name);
    }
  });

  it('keeps a name that nobody knows, unless it may quote the context', () => {
    const named = (name: string, values: readonly string[]) =>
      cleanCause(Object.assign(sdkError('no'), { name }), values).name;
    expect(named('NewlyMadeException', [SECRET, 'eu', 'a'])).toBe('NewlyMadeException');
    for (const value of ['newly made', 'NEWLYMADE', 'remade', `${'x'.repeat(9_000)}ewly`]) {
      expect(named('NewlyMadeException', [value]), value).toBe('DisabledException');
    }
    expect(named('BoException', ['Bo'])).toBe('DisabledException');
    for (const name of ['patient', 'a b', 'Newly4711Exception', `${'A'.repeat(60)}Error`]) {
      expect(named(name, []), name).toBe('DisabledException');
    }
  });
});

/** Everything about an error that other code may have written. */
function quoting(text: string): Error {
  const $metadata = { requestId: text, extendedRequestId: text, httpStatusCode: text, [text]: 400 };
  const parts = { name: text, code: text, syscall: text, hostname: text, address: text, $fault: text };
  const inner = Object.assign(new Error(text, { cause: text }), parts, { $metadata, [text]: text });
  const all = new AggregateError([inner, text], text, { cause: inner });
  return Object.assign(sdkError(text, { body: text }), parts, {
    $metadata,
    $responseBodyText: text,
    cause: all,
  });
}

describe('a value that is quoted', () => {
  it.each(QUOTINGS)('as %s, in whatever place, does not come back', (_, quote) => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ minLength: 12, maxLength: 60, unit: 'grapheme' }), fc.constant(SECRET)),
        fc.constantFrom('', 'Rate exceeded ', "Value '", 'arn is disabled. '),
        (value, before) => {
          const quoted = quote(value);
          fc.pre(quoted.length >= 6);
          const cause = cleanCause(quoting(`${before}${quoted}`), [value]);
          expect(pathsTo(cause, quoted)).toEqual([]);
          expect(textOf(cause)).not.toContain(quoted);
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it('makes no pattern, and takes steps in proportion to the context', () => {
    const spies = (['slice', 'includes', 'replace', 'toLowerCase'] as const).map((name) =>
      vi.spyOn(String.prototype, name),
    );
    const steps = (value: string) => {
      const before = spies.reduce((sum, { mock }) => sum + mock.calls.length, 0);
      cleanCause(Object.assign(new Error(value), { name: 'NewlyMadeException' }), [value]);
      return spies.reduce((sum, { mock }) => sum + mock.calls.length, 0) - before;
    };
    try {
      const [short, long] = [steps('ab'.repeat(1_000)), steps('ab'.repeat(4_000))];
      expect(long).toBeGreaterThan(short);
      expect(long).toBeLessThan(4 * short + 100);
      for (const hostile of ['&', '- ', '\u{1f600}', '\ud800', '(', '\\', '[']) {
        expect(steps(hostile.repeat(4_000)), hostile).toBeLessThan(200);
      }
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });
});
