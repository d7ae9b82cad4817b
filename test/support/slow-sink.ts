import { Writable } from 'node:stream';

/** A sink that takes one chunk whenever it is told to. */
export interface SlowSink {
  readonly sink: Writable;
  /** The chunks that came, as they are: the very memory. */
  readonly chunks: Buffer[];
  /** Lets everything through from now on. */
  open(): void;
}

/** A sink that holds back from the first chunk on. */
export function slowSink(): SlowSink {
  const chunks: Buffer[] = [];
  let isOpen = false;
  let waiting: (() => void) | undefined;
  const sink = new Writable({
    highWaterMark: 1,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      if (isOpen) done();
      else waiting = done;
    },
  });
  return {
    sink,
    chunks,
    open: () => {
      isOpen = true;
      waiting?.();
    },
  };
}
