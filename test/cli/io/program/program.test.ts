import { ChildProcess } from 'node:child_process';
import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { innerModule } from '../../../../scripts/inner-module.mjs';
import { Program } from '../../../../src/cli/io/program/program.js';
import { Terminal } from '../../../../src/cli/terminal/terminal.js';
import { onlyWhere } from '../../../support/prerequisite.js';
import { runProcess } from '../../../support/run-process.js';
import { tempFolder } from '../../../support/temp-folder.js';

beforeEach((context) => onlyWhere(context, process.platform !== 'win32', 'the programs are for POSIX'));

function program(words: readonly string[], signal = new AbortController().signal, env = process.env) {
  return new Program(words, {
    env,
    signal,
    terminal: new Terminal(process.stderr, {}),
    newFileMode: 0o600,
    heedSignal() {},
    mayTake() {},
    divertHangUp() {},
  });
}

async function textOf(source: AsyncIterable<Buffer>): Promise<string> {
  let text = '';
  for await (const chunk of source) text += chunk;
  return text;
}

describe('the output of a program', () => {
  it('is a pipe, which it may open by name', async () => {
    const child = program(['sh', '-c', 'test -p /dev/stdout && echo named > /dev/stdout; echo more']);
    expect(await textOf(await child.start())).toBe('named\nmore\n');
    await child.succeeded;
  });

  it('ends when the program has ended and no other process has it open', async () => {
    const child = program(['sh', '-c', '(sleep 0.3; echo late) & echo soon']);
    const source = await child.start();
    await child.succeeded;
    expect(await textOf(source)).toBe('soon\nlate\n');
  });

  it('ends a program that still writes without a reader, by SIGPIPE and not by an error', async () => {
    const child = program(['sh', '-c', 'while :; do echo x; done']);
    const source = await child.start();
    source.once('data', () => source.destroy());
    await expect(child.succeeded).rejects.toThrow('SIGPIPE');
  });

  it('comes through a socket if no pipe can be created', async () => {
    vi.stubEnv('TMPDIR', `${await tempFolder()}/none`);
    onTestFinished(() => void vi.unstubAllEnvs());
    const child = program(['sh', '-c', 'test -p /dev/stdout || echo socket']);
    expect(await textOf(await child.start())).toBe('socket\n');
    await child.succeeded;
  });

  it('comes from a program that may read what its arguments name by descriptor, as the shell does for <(…)', async () => {
    const script = 'cat /dev/fd/5 /dev/fd/4';
    const main = `
      const { Program } = await import(process.argv[1]);
      const invocation = { env: process.env, signal: new AbortController().signal, terminal: { detail() {} } };
      const program = new Program(process.argv.slice(2), invocation);
      for await (const chunk of await program.start()) process.stdout.write(chunk);
      await program.succeeded;`;
    const built = await innerModule('src/cli/io/program/program.ts');
    const node = [
      process.execPath,
      '--input-type=module',
      '-e',
      main,
      built,
      'sh',
      '-c',
      script,
      '/dev/fd/5',
      '/proc/self/fd/4',
    ];
    const line = `exec "$@" 4<<four 5<<five\n4\nfour\n5\nfive\n`;
    expect(await runProcess('sh', ['-c', line, 'sh', ...node])).toMatchObject({
      status: 0,
      stderr: '',
      stdout: '5\n4\n',
    });
  });

  it('is closed for a program that cannot be started', async () => {
    await expect(program(['no-such-program']).start()).rejects.toThrow('command not found');
  });
});

describe('a program that may not be told to end', () => {
  /** As the system does it for `sudo`, which runs as another user. */
  function forbidSignals(): void {
    const kill = vi.spyOn(ChildProcess.prototype, 'kill').mockImplementation(function (this: ChildProcess) {
      this.emit('error', Object.assign(new Error('kill EPERM'), { code: 'EPERM', syscall: 'kill' }));
      return false;
    });
    onTestFinished(() => kill.mockRestore());
  }

  it('does not fail what ends anyway', async () => {
    forbidSignals();
    const abort = new AbortController();
    const child = program(['sh', '-c', 'sleep 0.2; exit 3'], abort.signal);
    const source = await child.start();
    abort.abort('SIGTERM');
    child.stop();
    expect(source.destroyed).toBe(true);
    await expect(child.succeeded).rejects.toThrow('exited with status 3');
  });
});
