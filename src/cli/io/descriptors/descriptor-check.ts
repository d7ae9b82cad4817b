import type { BigIntStats } from 'node:fs';
import { Socket } from 'node:net';
import { CommandError, EXIT } from '../../terminal/command-error.js';
import { DESCRIPTOR_TROUBLE } from '../../terminal/messages/files/descriptors.js';
import { accessOf, wasClosed } from './access.js';

/**
 * Node takes a closed descriptor for an empty input.
 *
 * @throws CommandError with status 1 where `fd` is closed or not open for reading
 */
export function assertReadable(fd: number, name: string, stats: BigIntStats): void {
  if (wasClosed(fd, stats)) throw new CommandError(EXIT.other, DESCRIPTOR_TROUBLE.closedInput(name));
  if (accessOf(fd) === 'write') throw new CommandError(EXIT.other, DESCRIPTOR_TROUBLE.writeOnly(name));
}

/**
 * Node throws away what is written to a closed descriptor.
 *
 * @param mayVanish whether a closed one will do
 * @throws CommandError with status 1 where `fd` is closed or not open for writing
 */
export function assertWritable(fd: number, name: string, stats: BigIntStats, mayVanish: boolean): void {
  if (!mayVanish && wasClosed(fd, stats)) {
    throw new CommandError(EXIT.other, DESCRIPTOR_TROUBLE.closedOutput(name));
  }
  if (accessOf(fd) === 'read') throw new CommandError(EXIT.other, DESCRIPTOR_TROUBLE.readOnly(name));
}

/**
 * What Node makes of a descriptor that is a socket. Only Node can tell of which kind it is: it knows streams over TCP and
 * those of this machine, and takes packets, datagrams and the rest for an empty input and a bottomless output.
 *
 * @throws CommandError with status 1 where it is no stream of bytes
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
