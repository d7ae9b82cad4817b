import type { BigIntStats } from 'node:fs';
import { Socket } from 'node:net';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { DESCRIPTOR_TROUBLE } from '../../terminal/messages/files/descriptors.js';
import { accessOf, wasClosed } from './access.js';

/**
 * Checks an input descriptor: Node would treat a closed one like an empty input.
 *
 * @throws CommandError with status 1 if `fd` is closed or not open for reading
 */
export function assertReadable(fd: number, name: string, stats: BigIntStats): void {
  if (wasClosed(fd, stats)) throw new CommandError(EXIT.other, DESCRIPTOR_TROUBLE.closedInput(name));
  if (accessOf(fd) === 'write') throw new CommandError(EXIT.other, DESCRIPTOR_TROUBLE.writeOnly(name));
}

/**
 * Checks an output descriptor: Node would discard bytes written to a closed one.
 *
 * @param mayVanish whether a closed descriptor is acceptable
 * @throws CommandError with status 1 if `fd` is closed or not open for writing
 */
export function assertWritable(fd: number, name: string, stats: BigIntStats, mayVanish: boolean): void {
  if (!mayVanish && wasClosed(fd, stats)) {
    throw new CommandError(EXIT.other, DESCRIPTOR_TROUBLE.closedOutput(name));
  }
  if (accessOf(fd) === 'read') throw new CommandError(EXIT.other, DESCRIPTOR_TROUBLE.readOnly(name));
}

/**
 * Checks a socket. Only Node can tell its kind: it supports TCP and local stream sockets, and treats all others, such
 * as datagram sockets, like an empty input and an output that discards everything.
 *
 * @throws CommandError with status 1 if it is not a stream of bytes
 */
export function socketOver(fd: number, name: string): Socket {
  const standard = [() => process.stdin, () => process.stdout, () => process.stderr][fd];
  if (standard === undefined) return otherSocket(fd, name);
  const stream: unknown = standard();
  if (stream instanceof Socket) return stream;
  throw new CommandError(EXIT.other, DESCRIPTOR_TROUBLE.noByteStream(name));
}

function otherSocket(fd: number, name: string): Socket {
  try {
    return new Socket({ fd, readable: false, writable: true });
  } catch (error) {
    throw new CommandError(EXIT.other, DESCRIPTOR_TROUBLE.noByteStream(name), error);
  }
}
