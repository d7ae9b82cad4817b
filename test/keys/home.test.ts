import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { homeFolder } from '../../src/keys/home.js';
import { onlyWhere } from '../support/prerequisite.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'the paths are those of POSIX'));

function withHome(folder: string): void {
  vi.stubEnv('HOME', folder);
  onTestFinished(() => void vi.unstubAllEnvs());
}

describe('the folder of the user', () => {
  it('is SEALPIPE_HOME, made absolute', () => {
    expect(homeFolder({ SEALPIPE_HOME: '/a/b' })).toBe('/a/b');
    expect(homeFolder({ SEALPIPE_HOME: 'b', XDG_DATA_HOME: '/c' })).toBe(resolve('b'));
  });

  it.each([
    ['linux', {}, '/u/.local/share/sealpipe'],
    ['linux', { XDG_DATA_HOME: '/d', SEALPIPE_HOME: '' }, '/d/sealpipe'],
    ['linux', { XDG_DATA_HOME: 'd' }, '/u/.local/share/sealpipe'],
    ['freebsd', {}, '/u/.local/share/sealpipe'],
    ['darwin', { XDG_DATA_HOME: '/d' }, '/u/Library/Application Support/sealpipe'],
    ['win32', {}, '/u/AppData/Local/sealpipe'],
    ['win32', { LOCALAPPDATA: '/l' }, '/l/sealpipe'],
  ] as const)('on %s with %j is %s', (platform, env, folder) => {
    withHome('/u');
    expect(homeFolder(env, platform)).toBe(folder);
  });

  it.each(['', 'relative'])('does not depend on where the command is called, with HOME=%j', (home) => {
    withHome(home);
    expect(homeFolder({}, 'linux')).toBe(join(userInfo().homedir, '.local/share/sealpipe'));
  });

  it('has a name that is text', () => {
    expect(() => homeFolder({ SEALPIPE_HOME: '/a/\ufffd' })).toThrow('not valid UTF-8');
  });
});
