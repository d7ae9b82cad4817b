import type { PipeSink, PipeSource } from '../../../files/pipes/pipe-file.js';
import { pipeSink, pipeSource } from '../../../files/pipes/pipe-file.js';

/**
 * The capacity of the pipes at both ends, in bytes. A user's pipes share a quota of 64 MiB, beyond which every new one
 * is tiny. Node has four of 64 KiB for itself: with this, a hundred commands at once take 50 MiB; twice as much, which
 * saves 5 % of the time, would be too much.
 */
const PIPE_SIZE = 131_072;

/** The pipe of a descriptor, if it is one: reopened on first use. */
export interface OwnPipe<End> {
  /** Undefined if it does not exist, can only be used as a stream, or was closed. */
  readonly end: End | undefined;
  /** Closes what was opened. May be called more than once. */
  close(): void;
}

/** The pipe that is read by `descriptor`. */
export function pipeInput(descriptor: number): OwnPipe<PipeSource> {
  return ownPipe(() => pipeSource(descriptor, pipeSize()));
}

/** The pipe that is written by `descriptor`. */
export function pipeOutput(descriptor: number): OwnPipe<PipeSink> {
  return ownPipe(() => pipeSink(descriptor, pipeSize()));
}

function ownPipe<End extends { close(): void }>(open: () => End | undefined): OwnPipe<End> {
  let opened: { readonly end: End | undefined } | undefined;
  return {
    get end() {
      opened ??= { end: open() };
      return opened.end;
    },
    close() {
      const end = opened?.end;
      opened = { end: undefined };
      end?.close();
    },
  };
}

/** 0 if `SEALPIPE_PIPE_SIZE=0` says that pipes must not be changed. */
function pipeSize(): number {
  return process.env.SEALPIPE_PIPE_SIZE === '0' ? 0 : PIPE_SIZE;
}
