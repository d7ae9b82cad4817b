import { describe, expect, it } from 'vitest';
import { contextPairs } from '../../../../src/cli/arguments/values/context-pairs.js';

describe('pairs of the encryption context on the command line', () => {
  it('are split at the first =, and may have an empty value', () => {
    expect({ ...contextPairs(['b=x=y', 'a=']) }).toEqual({ a: '', b: 'x=y' });
    expect(contextPairs([])).toBeUndefined();
  });

  it.each([[['a']], [['=x']], [['']], [['a=1', 'a=2']], [['a=1', 'b']]])('%j are refused', (pairs) => {
    expect(() => contextPairs(pairs)).toThrow(expect.objectContaining({ status: 2 }));
  });

  it('may have the name of a property that all objects have', () => {
    expect({ ...contextPairs(['constructor=1']) }).toEqual({ constructor: '1' });
  });
});
