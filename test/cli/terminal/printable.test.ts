import { expect, it } from 'vitest';
import { shellQuoted } from '../../../src/cli/terminal/printable.js';

it('a path can be pasted into a shell', () => {
  expect(shellQuoted('/a/b-c_d.e')).toBe('/a/b-c_d.e');
  expect(shellQuoted("/a b/it's $HOME")).toBe(`'/a b/it'\\''s $HOME'`);
});
