import { describe, expect, it } from 'vitest';
import {
  INSPECTING_HINTS,
  OPENING_HINTS,
  SEALING_HINTS,
} from '../../../../../src/cli/terminal/messages/files/input-hints.js';

describe('what to do with a folder', () => {
  it.each([
    ['d', 'sealpipe encrypt -o d.sealed -- tar -cf - d'],
    ['d//', 'sealpipe encrypt -o d.sealed -- tar -cf - d'],
    ['/var/my data', "sealpipe encrypt -o '/var/my data.sealed' -- tar -cf - '/var/my data'"],
    ['./-d', 'sealpipe encrypt -o ./-d.sealed -- tar -cf - ./-d'],
    ['.config', 'sealpipe encrypt -o .config.sealed -- tar -cf - .config'],
    ['.', 'sealpipe encrypt -o FILE -- tar -cf - .'],
    ['../..', 'sealpipe encrypt -o FILE -- tar -cf - ../..'],
    ['/', 'sealpipe encrypt -o FILE -- tar -cf - /'],
    [undefined, 'sealpipe encrypt -o FILE -- tar -cf - FOLDER'],
  ])('%s, to seal it', (path, line) => {
    expect(SEALING_HINTS.isDirectory(path)).toBe(`Seal an archive of it: ${line}`);
  });

  it('to open it', () => expect(OPENING_HINTS.isDirectory('d')).toBe('Name a file in it.'));

  it('to inspect it, or all files in it', () => {
    expect(INSPECTING_HINTS.isDirectory('my d')).toBe(
      "Name a file in it, or write 'my d/' for all files in it.",
    );
    expect(INSPECTING_HINTS.isDirectory(undefined)).toBe('Name a file in it.');
  });
});

describe('what to do with a file that does not exist', () => {
  it('shows how to seal the output of a command if the name could be one', () => {
    expect(SEALING_HINTS.isAbsent('pg_dump')).toContain('-- pg_dump');
    expect([SEALING_HINTS.isAbsent('a.log'), SEALING_HINTS.isAbsent('x/y')]).toEqual([undefined, undefined]);
    expect(OPENING_HINTS.isAbsent('pg_dump')).toBeUndefined();
  });
});
