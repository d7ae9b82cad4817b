import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Which process of which machine, so that another process of that machine can tell whether it still runs. */
export interface ProcessIdentity {
  /** The name of the machine, and the namespace of process ids on it if there are such. */
  readonly host: string;
  /** Of the kernel's run; empty if the system has no such id. */
  readonly boot: string;
  readonly pid: number;
  /** When the process started, in ticks since the boot; empty if the system does not tell. */
  readonly started: string;
}

/** What is known of the processes of this machine. */
export interface Processes {
  readonly own: ProcessIdentity;
  /** Whether a process of this machine is gone. False if that cannot be told, and for another machine's. */
  isGone(other: ProcessIdentity): boolean;
}

/** Characters: a lock's record has its own length. */
const LONGEST_HOST = 128;

/** The processes of this machine. */
export function systemProcesses(): Processes {
  const own: ProcessIdentity = {
    host: `${hostname()} ${quiet(() => readlinkSync('/proc/self/ns/pid'))}`.trim().slice(0, LONGEST_HOST),
    boot: quiet(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')).trim(),
    pid: process.pid,
    started: startOf(process.pid),
  };
  return { own, isGone: (other) => isGone(other, own) };
}

function isGone(other: ProcessIdentity, own: ProcessIdentity): boolean {
  if (other.host !== own.host) return false;
  if (other.boot !== own.boot) return true;
  if (!isRunning(other.pid)) return true;
  const started = startOf(other.pid);
  return started !== '' && other.started !== '' && started !== other.started;
}

/** Whether a process has this id: also one of another user. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Field 22 of proc(5)'s stat: the name of the program, in brackets before it, may hold anything. */
function startOf(pid: number): string {
  const stat = quiet(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}

function quiet(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}
