import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fileOffences } from '../../guards/files.js';
import { repositoryRoot } from '../../support/repository.js';
import { ADDON_PATH, needsAddon } from './addon-here.js';
import { readElf } from './elf.js';

/** Of RHEL 8 and Debian 10: what the binaries of Node 20 ask for themselves. */
const NEWEST_GLIBC = [2, 28] as const;

needsAddon();

describe('the binary of the addon', () => {
  it('asks for nothing but libc, and for no glibc newer than 2.28', () => {
    const { libraries, versions } = readElf(readFileSync(ADDON_PATH));
    expect(libraries.filter((library) => !/^(libc\.so\.6|libc\.musl-.*)$/.test(library))).toEqual([]);
    expect(versions.filter((version) => !/^GLIBC_\d+(\.\d+)+$/.test(version))).toEqual([]);
    expect(versions.filter(isTooNew)).toEqual([]);
  });

  it('has no executable stack, read-only relocations, and binds every symbol when it is loaded', () => {
    const { stackFlags, readOnlyRelocations, bindsNow } = readElf(readFileSync(ADDON_PATH));
    expect(stackFlags).toBeDefined();
    expect([(stackFlags ?? 1) & 1, readOnlyRelocations, bindsNow]).toEqual([0, true, true]);
  });

  it('names no machine', () => {
    const text = readFileSync(ADDON_PATH, 'latin1');
    expect(fileOffences([{ path: basename(ADDON_PATH), text }]).filter((one) => / holds /.test(one))).toEqual(
      [],
    );
    expect(text).not.toContain(repositoryRoot);
  });
});

describe('the bound of glibc', () => {
  it.each([
    ['GLIBC_2.2.5', false],
    ['GLIBC_2.4', false],
    ['GLIBC_2.28', false],
    ['GLIBC_2.29', true],
    ['GLIBC_2.34', true],
    ['GLIBC_3.0', true],
  ])('%s: too new is %s', (version, tooNew) => expect(isTooNew(version)).toBe(tooNew));
});

function isTooNew(version: string): boolean {
  const [major = 0, minor = 0] = version.replace('GLIBC_', '').split('.').map(Number);
  return major > NEWEST_GLIBC[0] || (major === NEWEST_GLIBC[0] && minor > NEWEST_GLIBC[1]);
}
