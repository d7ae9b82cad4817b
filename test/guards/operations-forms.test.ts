import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { parseCommandLine } from '../../src/cli/arguments/command-line.js';
import { OPTIONS } from '../../src/cli/arguments/options.js';
import { writeSettings } from '../../src/cli/commands/logs/writing/write-settings.js';
import { logSettings } from '../../src/logs/writer/options/log-options.js';
import { eventually } from '../support/eventually.js';
import { toolPath } from '../support/external-tool.js';
import { onlyWhere, prerequisite } from '../support/prerequisite.js';
import { runProcess } from '../support/run-process.js';
import { ROOT } from '../support/s3/fake/access/users.js';
import { REGION } from '../support/s3/fake/fake-s3.js';
import { fakeForTests } from '../support/s3/fake-for-tests.js';
import { keys } from '../support/test-keys.js';
import {
  allBehind,
  behind,
  codeOf,
  compose,
  dockerfile,
  linesAt,
  page,
  place,
  scripts,
  sidecar,
  statefulSet,
  unit,
  writeScript,
} from './operations-page.js';

beforeEach((context) => {
  onlyWhere(context, process.platform !== 'win32', 'the forms are for POSIX');
  prerequisite(context, toolPath('bash') !== undefined, 'bash');
});

describe('a command line of docs/logs-operations.md', () => {
  /** What it passes to `sealpipe`, once the files of the form stand in a folder instead of `/`. */
  async function passed(commandLine: string, options?: string): Promise<readonly string[]> {
    const { folder, bin, env } = await place();
    await writeScript(bin, 'sealpipe', `#!/bin/sh\nprintf '%s\\n' "$@" > '${folder}/words'\n`);
    await writeScript(bin, 'my-app', '#!/bin/sh\n');
    await mkdir(join(folder, 'pipe'));
    const here = commandLine.replaceAll('/usr/local/bin', bin).replaceAll('/pipe/', `${folder}/pipe/`);
    const run = await runProcess('sh', ['-euc', here], {
      cwd: folder,
      env: { ...env, ARCHIVE_OPTIONS: options },
    });
    expect(run).toMatchObject({ status: 0, stderr: '' });
    return (await readFile(join(folder, 'words'), 'utf8')).trimEnd().split('\n');
  }

  function expectWrites(words: readonly string[], volume: string) {
    const line = parseCommandLine(words);
    expect([line.command.name, ...line.operands]).toEqual(['logs write', volume]);
    expect(line.options.text('key')).toBe('alias/logs');
    const settings = writeSettings(line.options);
    expect(logSettings({ ...settings, keys, directory: volume })).toBeDefined();
    return line.options;
  }

  const entrypoint: string[] = JSON.parse(behind(dockerfile, 'ENTRYPOINT '));

  it('is right for systemd', async () => {
    const options = behind(unit, 'ARCHIVE_OPTIONS=');
    const words = await passed(behind(unit, 'ExecStart='), options);
    const given = expectWrites(words, `/var/log/${behind(unit, 'LogsDirectory=')}`);
    expect(dirname(given.text('metrics') ?? '')).toBe(`/run/${behind(unit, 'RuntimeDirectory=')}`);
  });

  it('is right for Docker', async () => {
    const words = await passed(entrypoint.join(' '), behind(compose, 'ARCHIVE_OPTIONS: '));
    expectWrites(words, behind(dockerfile, 'VOLUME '));
    expect(behind(compose, '- my-app-logs:')).toBe(behind(dockerfile, 'VOLUME '));
    const [copied = '', target] = behind(dockerfile, 'COPY ').split(/ (?=\/)/);
    expect([copied.split(' '), target]).toEqual([[...scripts.keys()], '/usr/local/bin/']);
  });

  it('has a folder in the image of Docker that belongs to the service', async () => {
    const { folder } = await place();
    await mkdir(join(folder, 'var/log'), { recursive: true });
    const runs = allBehind(dockerfile, 'RUN ').filter(
      (line) => !line.startsWith('npm install --global sealpipe'),
    );
    const owned = runs.map((line) =>
      line.replace('node:node', '"$(id -u):$(id -g)"').replaceAll('/var/', 'var/'),
    );
    expect(owned).toHaveLength(1);
    expect(await runProcess('sh', ['-euc', owned.join('\n')], { cwd: folder })).toMatchObject({ status: 0 });
    expect(await readdir(join(folder, behind(dockerfile, 'VOLUME ')))).toEqual([]);
  });

  it('is right for Kubernetes', async () => {
    const options = allBehind(statefulSet, 'value: ').find((value) => value.startsWith('-'));
    const words = await passed(entrypoint.join(' '), options);
    const given = expectWrites(words, behind(statefulSet, 'mountPath: '));
    expect(given.text('store')).toBe('s3://my-bucket/logs');
  });

  it('is right for a sidecar', async () => {
    const [, args = ''] = /^ +args:\n +- ([\s\S]*?)\n +\w+:/m.exec(sidecar) ?? [];
    const mounted = allBehind(sidecar, 'mountPath: ');
    expectWrites(await passed(args.replace(/\s*\n\s*/g, ' ')), mounted[1] ?? '');
  });

  it('names no option that is not there', () => {
    const others = ['--collector.textfile.directory', '--global'];
    const named = [...page.text.matchAll(/(?<![\w-])--[a-z][a-z.-]+/g)].map(([name]) => name);
    expect(named.length).toBeGreaterThan(20);
    const known = [...others, ...Object.keys(OPTIONS).map((name) => `--${name}`)];
    expect(named.filter((name) => !known.includes(name))).toEqual([]);
  });

  it.each([
    ['systemd', behind(unit, 'TimeoutStopSec=')],
    ['Docker', behind(compose, 'stop_grace_period: ')],
    ['Kubernetes', behind(statefulSet, 'terminationGracePeriodSeconds: ')],
    ['a sidecar', behind(sidecar, 'terminationGracePeriodSeconds: ')],
  ])('has the time that the page counts, with %s', (_form, seconds) => {
    expect(Number.parseInt(seconds, 10)).toBeGreaterThanOrEqual(5 + 7 + 8 + 4);
  });
});

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (error) {
    expect(error).toMatchObject({ code: 'ESRCH' }); // all have ended
  }
}

describe('run-archived, when the whole group is told to stop', () => {
  it.each([
    ['ends', 'exit 0'],
    ['hangs until it is killed', 'while :; do sleep 0.1; done'],
  ])('keeps all that a service has said that %s', async (_what, end) => {
    const { folder, bin, env } = await place();
    const service = [
      '#!/bin/bash',
      'exec 2> /dev/null', // where bash says that a signal ended `sleep`
      'say() { echo "$1"; echo "$1" >> said; }',
      `trap 'say "told to stop"; say "the last line"; ${end}' TERM`,
      'for i in {1..200}; do say "line $i"; done',
      'while :; do sleep 0.1; done',
    ];
    await writeScript(bin, 'my-app', `${service.join('\n')}\n`);
    const options = { cwd: folder, env: { ...env, ARCHIVE_OPTIONS: '-k file:key --flush-every 100ms' } };
    const group = spawn('run-archived', ['archive', 'my-app'], {
      ...options,
      detached: true,
      stdio: 'ignore',
    });
    const closed = once(group, 'close');
    const said = async () => (await readFile(join(folder, 'said'), 'utf8')).trimEnd().split('\n');
    const archived = () => linesAt({ directory: join(folder, 'archive') }, folder);
    try {
      await eventually(async () => expect(await archived()).toContain('line 200'));
      await eventually(async () => expect(await said()).toContain('line 200'));
      process.kill(-group.pid!, 'SIGTERM');
      if (end === 'exit 0') await closed;
      else {
        await eventually(async () => expect(await archived()).toContain('the last line'));
        await eventually(async () => expect(await said()).toContain('the last line'));
      }
    } finally {
      killGroup(group.pid!); // as the end of the first process of a container does as well
    }
    await closed;
    expect(new Set(await archived())).toEqual(new Set(await said()));
  });
});

describe('the handler for Lambda', () => {
  const here = fakeForTests();

  it('has lines durable when it answers, and stored after a minute, though it is frozen and then killed', async () => {
    const { folder, env } = await place();
    const [code = ''] = codeOf('Lambda', 'js');
    const [handler = '', calls] = code.split(/^(?=await handler\()/m);
    expect(calls).toBeDefined();
    const withKey = handler
      .replace("import { kms } from 'sealpipe/kms'", "import { keyFrom } from 'sealpipe/keys'")
      .replace("kms({ keyId: 'alias/backups' })", "await keyFrom('file:key')");
    await writeFile(join(folder, 'handler.mjs'), withKey);
    here.fake.world.createBucket('my-bucket', REGION);
    // Slower than a handler that would not wait for it.
    for (const on of ['PutObject', 'CompleteMultipartUpload'] as const) {
      here.fake.fault({ on }, { kind: 'delay', milliseconds: 300 });
    }
    const clientConfig = here.fake.clientConfig();
    const { accessKeyId, secretAccessKey } = ROOT;
    const aws = {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: REGION,
    };
    const lambda = spawn(
      process.execPath,
      [join(import.meta.dirname, 'frozen-function.mjs'), 'handler.mjs'],
      {
        cwd: folder,
        env: { ...env, ...aws, AWS_ENDPOINT_URL: here.fake.url, TMPDIR: folder },
        stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      },
    );
    onTestFinished(() => void lambda.kill('SIGKILL'));
    const closed = once(lambda, 'close');
    const answered = async () => {
      const [message] = await Promise.race([once(lambda, 'message'), closed]);
      expect(message).toMatch(/started|answered/);
      lambda.kill('SIGSTOP');
    };
    const invoke = async (order: number, slept: number) => {
      const answer = answered();
      lambda.kill('SIGCONT');
      lambda.send({ event: { order }, slept });
      await answer;
    };
    const ofOrders = (...orders: number[]) =>
      orders.flatMap((order) => [JSON.stringify({ event: 'ordered', order }), 'done']);
    await answered();
    const [name = ''] = (await readdir(folder)).filter((entry) => entry.startsWith('archive-'));
    const local = () => linesAt({ directory: join(folder, name) }, folder);
    const stored = () => linesAt({ store: 's3://my-bucket/logs', clientConfig }, folder);

    await invoke(1, 0);
    expect(await local()).toEqual(ofOrders(1));
    await invoke(2, 60_000);
    expect(await stored()).toEqual(ofOrders(1, 2));
    await invoke(3, 1_000);
    lambda.kill('SIGKILL');
    await closed;
    // What a new execution environment would find is in the store: all but what came since.
    expect(await stored()).toEqual(ofOrders(1, 2));
  });
});
