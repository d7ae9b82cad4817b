import { describe, expect, it } from 'vitest';
import { SealpipeError } from '../../src/errors.js';
import type { LocationBinding } from '../../src/s3/location.js';
import { boundContext, checkBinding, requiredContext, withLocationHint } from '../../src/s3/location.js';

const place = { bucket: 'bbb', key: 'k/1' };
const accessPoint = { bucket: 'arn:aws:s3:eu-west-1:123456789012:accesspoint:ap', key: 'k/1' };
const bound = (bind: LocationBinding, location?: string) =>
  boundContext({ a: '1' }, place, { bind, location });

describe('the context of an object', () => {
  it.each([
    ['location', { a: '1', 'sealpipe:bucket': 'bbb', 'sealpipe:key': 'k/1' }],
    ['key', { a: '1', 'sealpipe:key': 'k/1' }],
    ['none', { a: '1' }],
  ] as const)('has the pairs of bind: %s', (bind, pairs) => expect({ ...bound(bind) }).toEqual(pairs));

  it.each(['sealpipe:bucket', 'sealpipe:key'])('leaves no %s to the caller', (name) => {
    for (const bind of ['location', 'key', 'none'] as const) {
      expect(() => boundContext({ [name]: 'x' }, place, { bind })).toThrow(
        expect.objectContaining({ code: 'ERR_SEALPIPE_CONTEXT' }),
      );
    }
  });

  it('keeps what is not its business', () => {
    const own = Object.fromEntries([['__proto__', 'x']]);
    expect(Object.keys(boundContext(own, place, { bind: 'key' }))).toEqual(['__proto__', 'sealpipe:key']);
  });

  it('takes the bucket out of the ARN of a bucket', () =>
    expect(boundContext({}, { bucket: 'arn:aws:s3:::bbb', key: 'k' }, { bind: 'location' })).toEqual({
      'sealpipe:bucket': 'bbb',
      'sealpipe:key': 'k',
    }));

  it('asks for the bucket behind an access point, unless no bucket is bound', () => {
    expect(() => boundContext({}, accessPoint, { bind: 'location' })).toThrow(/`location`/);
    expect(boundContext({}, accessPoint, { bind: 'key' })).toEqual({ 'sealpipe:key': 'k/1' });
    expect(boundContext({}, accessPoint, { bind: 'location', location: 's3://bbb/k/1' })).toEqual({
      'sealpipe:bucket': 'bbb',
      'sealpipe:key': 'k/1',
    });
  });

  it.each(['s3://bbb', 's3://bbb/', 'b/k', 'any'])('refuses location %s', (location) =>
    expect(() => bound('location', location)).toThrow(
      expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' }),
    ),
  );

  it('refuses another binding', () =>
    expect(() => checkBinding('bucket')).toThrow(expect.objectContaining({ code: 'ERR_SEALPIPE_OPTIONS' })));
});

describe('what a reader requires', () => {
  it('is the place that it reads, another one that it names, or any', () => {
    const required = (location?: string) => ({
      ...requiredContext({ a: '1' }, place, { bind: 'location', location }),
    });
    expect(required()).toEqual({ a: '1', 'sealpipe:bucket': 'bbb', 'sealpipe:key': 'k/1' });
    expect(required('s3://old/x')).toEqual({ a: '1', 'sealpipe:bucket': 'old', 'sealpipe:key': 'x' });
    expect(required('any')).toEqual({ a: '1' });
  });

  it('is explained by an error that names the option', () => {
    const error = withLocationHint(new SealpipeError('ERR_SEALPIPE_CONTEXT', 'a pair is missing'));
    expect(error).toMatchObject({ code: 'ERR_SEALPIPE_CONTEXT', message: 'a pair is missing' });
    expect(error.hint).toMatch(/location/);
  });
});
