import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { writeFull } from '../../../../src/files/byte-file.js';
import { pipeSink } from '../../../../src/files/pipes/pipe-file.js';
import { needsAddon } from '../../../crypto/native/addon-here.js';
import { OWN_LIBRARY } from '../../../support/external-tool.js';
import { patterned } from '../../../support/pieces.js';
import { onlyWhere, prerequisite } from '../../../support/prerequisite.js';
import { repositoryRoot } from '../../../support/repository.js';
import { runProcess } from '../../../support/run-process.js';
import { fakeForTests } from '../../../support/s3/fake-for-tests.js';
import { systemPipe } from '../../../support/system-pipe.js';
import { MAIN } from '../../support/command.js';
import { python } from '../../support/descriptors.js';
import type { StartOptions } from '../../support/running.js';
import { start, until, untilItRests } from '../../support/running.js';
import { contentOf, placeAt, run } from './support.js';

needsAddon();
beforeEach((context) => {
  onlyWhere(context, process.platform === 'linux', 'pipes have sizes on Linux');
  prerequisite(context, python !== undefined, 'python3');
});

const { fake, bucket } = fakeForTests();
const at = (key: string): string => `s3://${bucket}/${key}`;
const NOTHING = { keys: [], uploads: 0 };
const DATA = patterned(20_000_001);

const partsSeen = () => fake.seen.of('UploadPart').length;

/** `sealpipe encrypt -o OBJECT` behind a pipe of the system, which gives what it is told to and stays open. */
async function silent(words: readonly string[] = [], options: StartOptions = {}) {
  const place = await placeAt(fake);
  const input = await systemPipe();
  const running = start(['encrypt', '-o', at('x'), ...words], place, {
    ...options,
    stdio: [input.reader, 'pipe', 'pipe'],
  });
  input.end(input.reader);
  // The store is in this process, which must not stand still.
  const into = pipeSink(input.writer, 0)!;
  const end = (): void => {
    into.close();
    input.end(input.writer);
  };
  onTestFinished(end);
  const never = new AbortController().signal;
  return { ...running, end, give: (bytes: Uint8Array) => writeFull(into, [bytes], never, () => undefined) };
}

describe('a pipe into a store', () => {
  it.each([
    'cat a | sealpipe encrypt -o OBJECT && sealpipe decrypt OBJECT -o b',
    'mkfifo p; cat a > p & SEALPIPE_PIPE_SIZE=0 sealpipe encrypt --frame-size 4K p -o OBJECT && sealpipe decrypt OBJECT -o b',
  ])('and back: %s', async (line) => {
    const place = await placeAt(fake);
    await writeFile(join(place.folder, 'a'), DATA);
    const words = ['-o', 'pipefail', '-c', line.replaceAll('OBJECT', at('x'))];
    const { status, stderr } = await runProcess('bash', words, { cwd: place.folder, env: place.env });
    expect([status, stderr]).toEqual([0, '']);
    const [before, after] = await Promise.all(['a', 'b'].map((name) => readFile(join(place.folder, name))));
    expect(after!.equals(before!)).toBe(true);
  });

  it.each<[string, [number, boolean], Record<string, string>, string[]]>([
    ['holds more, and keeps its flags, which others share', [131_072, true], {}, []],
    ['holds what it held with SEALPIPE_PIPE_SIZE=0', [65_536, true], { SEALPIPE_PIPE_SIZE: '0' }, []],
    ['is a stream of Node, with its flags, if there is no addon', [65_536, false], {}, ['--no-addons']],
  ])('%s', async (_what, expected, env, node) => {
    const { folder, env: own } = await placeAt(fake);
    await writeFile(join(folder, 'data'), DATA.subarray(0, 300_000));
    const script = join(repositoryRoot, 'test/cli/support/pipes.py');
    // With -v, the first output comes while the source is still open.
    const words = ['sh', '-c', '"$@" 2>&1', 'sh', process.execPath, ...node, MAIN];
    const { stdout } = await runProcess(
      python!,
      [...OWN_LIBRARY, script, '0', 'stream', 'data', ...words, 'encrypt', '-v', '-o', at('x')],
      { cwd: folder, env: { ...own, ...env } },
    );
    const { sizes, waits, status } = JSON.parse(stdout);
    expect([status, sizes[0], waits[0]]).toEqual([0, ...expected]);
  });

  it('that gives less than was promised becomes no object', async () => {
    const { give, end, ended } = await silent(['--expected-size', '9000000']);
    await give(DATA.subarray(0, 8_999_999));
    end();
    const { status, stderr } = await ended;
    expect([status, stderr]).toEqual([1, expect.stringContaining(`${at('x')} was not created or changed.`)]);
    expect(contentOf(fake, bucket)).toEqual(NOTHING);
  });
});

describe('a silent pipe into a store', () => {
  it.each([
    ['SIGINT', 130, 0],
    ['SIGTERM', 143, 12_000_000],
  ] as const)('does not keep a command that gets %s', async (signal, status, size) => {
    const { give, child, ended } = await silent();
    await give(DATA.subarray(0, size));
    if (size > 0) await until(() => partsSeen() >= 1, 'a part');
    else await untilItRests(child);
    child.kill(signal);
    expect(await ended).toMatchObject({ status, stderr: '' });
    expect(contentOf(fake, bucket)).toEqual(NOTHING);
  });

  it('does not keep a command whose parts stand still', async () => {
    fake.fault({ on: 'UploadPart', times: 99 }, { kind: 'stall request' });
    const { give, child, ended } = await silent(['--concurrency', '1']);
    // As much as there is memory for.
    await give(DATA.subarray(0, 16_000_000));
    await until(() => partsSeen() >= 1, 'a part');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ status: 143, stderr: '' });
    expect(contentOf(fake, bucket)).toEqual(NOTHING);
  });

  it('does not keep a command whose part is refused', async () => {
    fake.fault({ on: 'UploadPart', times: 99 }, { kind: 'refuse', status: 403, code: 'AccessDenied' });
    const { give, ended } = await silent();
    await give(DATA.subarray(0, 8_500_000));
    const { status, stderr } = await ended;
    expect([status, stderr]).toEqual([1, expect.stringContaining(`cannot write ${at('x')}`)]);
    expect(contentOf(fake, bucket)).toEqual(NOTHING);
  });

  it('does not keep a command whose key fails', async () => {
    const env = { AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:1', AWS_MAX_ATTEMPTS: '1' };
    const { ended } = await silent(['-k', 'alias/a'], { env });
    expect((await ended).status).toBe(5);
  });
});

it('a pipe that is never empty does not keep a signal', async () => {
  const place = await placeAt(fake);
  const line = `cat /dev/zero | { "$@" & pid=$!; until [ -e stop ]; do sleep 0.05; done; kill -INT $pid; wait $pid; }; echo $?`;
  const over = runProcess(
    'bash',
    ['-c', line, 'bash', process.execPath, MAIN, 'encrypt', '-o', at('x'), '-'],
    {
      cwd: place.folder,
      env: place.env,
    },
  );
  await until(() => partsSeen() >= 2, 'two parts');
  await writeFile(join(place.folder, 'stop'), '');
  expect(await over).toMatchObject({ stdout: '130\n' });
  expect(contentOf(fake, bucket)).toEqual(NOTHING);
  expect(await run(place, ['uploads'])).toMatchObject({ status: 0, stdout: '' });
});
