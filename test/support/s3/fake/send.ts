import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Answer } from './answer.js';
import type { Fault } from './faults.js';

/** How much of a body is handed to the socket at once. */
const PIECE = 65_536;

/**
 * Sends an answer, as far as its fault lets it.
 *
 * @returns bytes of the body that went out; resolves when the answer is over, also if the client went away
 */
export async function send(
  response: ServerResponse,
  { status, headers, body }: Answer,
  fault: Fault | undefined,
  isHead: boolean,
): Promise<number> {
  if (fault?.kind === 'cut answer' && fault.after < 0) {
    response.destroy();
    return 0;
  }
  const size = body.reduce((sum, piece) => sum + piece.length, 0);
  const endsEarly = fault?.kind === 'end answer' || fault?.kind === 'blanks in answer';
  const lengths =
    isHead || endsEarly || headers['content-length'] !== undefined ? {} : { 'content-length': String(size) };
  const { 'content-length': own, ...others } = headers;
  response.writeHead(
    status,
    endsEarly ? others : { ...others, ...(own && { 'content-length': own }), ...lengths },
  );
  if (isHead || status === 304 || status === 204) {
    response.end();
    return 0;
  }
  const most = fault !== undefined && 'after' in fault ? fault.after : size;
  let sent = 0;
  response.flushHeaders();
  for (const piece of body) {
    const lineEnd = fault?.kind === 'blanks in answer' ? await withBlanks(response, piece, fault) : 0;
    for (let at = lineEnd; at < piece.length && sent < most && !response.destroyed; at += PIECE) {
      const next = piece.subarray(at, Math.min(piece.length, at + PIECE, at + most - sent));
      sent += next.length;
      if (!response.write(next)) await drained(response);
    }
  }
  if (fault?.kind === 'stall answer') {
    if (!response.destroyed) await once(response, 'close');
  } else if (fault?.kind === 'cut answer') {
    await flushed(response);
    response.destroy();
  } else {
    response.end();
  }
  return sent;
}

/** Sends the first line of a document, and then blanks. @returns where the rest begins */
async function withBlanks(
  response: ServerResponse,
  piece: Buffer,
  { blanks, pause: length }: { readonly blanks: number; readonly pause: number },
): Promise<number> {
  const lineEnd = piece.indexOf('\n') + 1;
  response.write(piece.subarray(0, lineEnd));
  for (let blank = 0; blank < blanks && !response.destroyed; blank++) {
    await pause(length);
    response.write(' ');
  }
  return lineEnd;
}

/** Room for more, or the client went away. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const over = (): void => {
      response.off('drain', over).off('close', over);
      resolve();
    };
    response.on('drain', over).on('close', over);
  });
}

/** What was written has left this process: a connection that is destroyed loses what waits in it. */
function flushed(response: ServerResponse): Promise<void> {
  if (response.destroyed || response.writableLength === 0) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('close', resolve);
    response.write('', () => resolve());
  });
}
