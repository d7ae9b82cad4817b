import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Identifies a process and its machine, so that another process of that machine can tell whether it still runs. */
export interface ProcessIdentity {
  /** The name of the machine, and the namespace of process ids on it, if any. */
  readonly host: string;
  /** The id of this boot; empty if the system has none. */
  readonly boot: string;
  readonly pid: number;
  /** When the process started, in ticks since the boot; empty if unknown. */
  readonly started: string;
}

/** Facts about the processes of this machine. */
export interface Processes {
  readonly own: ProcessIdentity;
  /** Whether a process of this machine has ended. False if that is unknown, and for processes of another machine. */
  isGone(other: ProcessIdentity): boolean;
}

/** Characters, since a record has a fixed length. */
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

/** Whether a process has this id, including those of other users. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

/** Field 22 of proc(5)'s stat: the program name in brackets before it may contain any character. */
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
