import type { ChildProcess, StdioOptions } from 'node:child_process';
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Place } from './command.js';
import { MAIN } from './command.js';

/** How a command ended. */
export interface Ended {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

/** What {@link start} takes besides the words. */
export interface StartOptions {
  readonly stdio?: StdioOptions;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly uid?: number;
}

/** Starts the command; it is killed when the running test is over. */
export function start(words: readonly string[], { folder, env }: Place, options: StartOptions = {}): Running {
  const { uid } = options;
  const child = spawn(process.execPath, [MAIN, ...words], {
    cwd: folder,
    env: { ...process.env, ...env, ...options.env },
    stdio: options.stdio ?? 'pipe',
    ...(uid === undefined ? {} : { uid, gid: uid }),
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  child.stdin?.on('error', () => undefined);
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject).once('close', (status, signal) => {
      const said = Buffer.concat(stderr).toString();
      resolve({ status, signal, stdout: Buffer.concat(stdout), stderr: said });
    });
  });
  return { child, ended };
}

/** Runs the command to its end. */
export function command(words: readonly string[], place: Place, options?: StartOptions): Promise<Ended> {
  const { child, ended } = start(words, place, options);
  child.stdin?.end();
  return ended;
}

/** Makes the default key: without a terminal, `encrypt` does not. */
export async function makeDefaultKey(place: Place, options?: StartOptions): Promise<void> {
  const { status, stderr } = await command(['kms', 'create-key', '--alias', 'default', '-q'], place, options);
  if (status !== 0) throw new Error(stderr);
}

/** Waits until something holds; fails after a minute. */
export async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  for (const from = performance.now(); performance.now() - from < 60_000; ) {
    if (await holds()) return;
    await pause(20);
  }
  throw new Error(`it never came to this: ${what}`);
}

/**
 * Waits until a command listens to signals: one that comes before takes its usual effect. Node itself catches SIGINT and
 * SIGTERM from the start, but not SIGHUP.
 */
export async function untilItListens({ pid }: ChildProcess): Promise<void> {
  if (process.platform !== 'linux') return pause(1_500);
  await until(async () => {
    const status = await readFile(`/proc/${pid}/status`, 'latin1');
    const [, caught = '0'] = /^SigCgt:\s*([0-9a-f]+)$/m.exec(status) ?? [];
    return (BigInt(`0x${caught}`) & 1n) === 1n;
  }, 'signals are listened to');
}

/** Waits until a signal was delivered to a command, which deals with it in its next turn. */
export async function untilDelivered({ pid }: ChildProcess): Promise<void> {
  if (process.platform !== 'linux') return pause(300);
  await until(async () => {
    const status = await readFile(`/proc/${pid}/status`, 'latin1').catch(() => '');
    return [...status.matchAll(/^(?:SigPnd|ShdPnd):\s*([0-9a-f]+)$/gm)].every(([, set]) => /^0+$/.test(set!));
  }, 'the signal is delivered');
}

/** Waits until a command does nothing more, because it waits for others: all of its threads sleep, and go on to. */
export async function untilItRests({ pid }: ChildProcess): Promise<void> {
  if (process.platform !== 'linux') return pause(1_500);
  let [before, rests] = ['', 0];
  await until(async () => {
    const threads = await readdir(`/proc/${pid}/task`);
    const states = await Promise.all(
      threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/status`, 'latin1').catch(() => '')),
    );
    const now = states.map((state) => /^voluntary_ctxt_switches:.*$/m.exec(state)?.[0]).join();
    const sleeps = states.every((state) => /^State:\s*S/m.test(state));
    rests = sleeps && now === before ? rests + 1 : 0;
    before = now;
    return rests >= 3;
  }, 'it rests');
}

/** Sends a signal again and again, until the command has ended: two that come at once count as one. */
export async function signalled({ child, ended }: Running, signal: NodeJS.Signals): Promise<Ended> {
  const again = setInterval(() => child.kill(signal), 200);
  try {
    return await ended;
  } finally {
    clearInterval(again);
  }
}

/** Waits until a command is held up in opening a FIFO, whose other end nobody has opened. */
export async function untilItOpensFifo({ pid }: ChildProcess): Promise<void> {
  const places = async () => {
    const threads = await readdir(`/proc/${pid}/task`);
    return Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/wchan`, 'latin1')));
  };
  if (process.platform !== 'linux' || (await places()).every((place) => place === '0')) return pause(2_000);
  await until(async () => (await places()).includes('wait_for_partner'), 'a FIFO is being opened');
}

/** Every name in a folder, hidden ones too, in order. */
export async function namesIn(folder: string): Promise<string[]> {
  return (await readdir(folder)).sort();
}

/** Whether a temporary file is being written there. */
export async function hasTemporary(folder: string): Promise<boolean> {
  return (await readdir(folder)).some((name) => name.startsWith('.sealpipe-'));
}

/** The content of a key file. */
export const KEY_TEXT = `${'0'.repeat(63)}1\n`;
