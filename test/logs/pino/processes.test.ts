import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';
import { runProcess } from '../../support/run-process.js';
import { logged, numbers, type Place, place } from './place.js';

const APP = fileURLToPath(new URL('app.mjs', import.meta.url));

const run = (mode: string, where: Place, more = {}) =>
  runProcess(process.execPath, [APP, JSON.stringify({ mode, ...where, ...more })]);

describe.concurrent('a program that logs through pino', () => {
  it.for([
    ['end', 0],
    ['sync', 0],
    ['exit', 7],
    ['throw', 1],
  ] as const)(
    'loses nothing if it ends by %s, what it logs in `exit` included, and goes on later',
    async ([mode, status], context) => {
      const where = await place(context);
      const ended = await run(mode, where);
      context.expect(ended).toMatchObject({ status });
      context.expect(ended.stderr.includes('nobody catches this')).toBe(mode === 'throw');
      context
        .expect(await run('end', where, { from: 3_001, count: 10 }))
        .toMatchObject({ status: 0, stderr: '' });
      const lines = await logged(where);
      context.expect(lines.map(({ n }) => n)).toEqual(numbers(3_012));
      context.expect(lines[0]).toMatchObject({ nested: { text: 'é€😀' } });
    },
  );

  it.for(['SIGTERM', 'SIGKILL'] as const)(
    'has every flushed line in the archive after %s, and goes on later',
    async (signal, context) => {
      const where = await place(context);
      const child = spawn(process.execPath, [APP, JSON.stringify({ mode: 'killed', ...where })], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [said] = await once(child.stdout, 'data');
      child.kill(signal);
      context.expect(await once(child, 'exit')).toEqual([null, signal]);
      context.expect(String(said)).toBe('flushed\n');
      await run('end', where, { from: 3_000, count: 10 });
      const lines = (await logged(where)).filter(({ msg }) => msg !== 'and more');
      context.expect(lines.map(({ n }) => n)).toEqual(numbers(3_011));
    },
  );

  it('is called back by flush although nothing else keeps it alive', async (context) => {
    const { expect } = context;
    const where = await place(context);
    expect(await run('idle', where, { count: 1 })).toMatchObject({
      status: 0,
      stdout: 'flushed\n',
      stderr: '',
    });
    expect(await logged(where)).toHaveLength(1);
  });
});
