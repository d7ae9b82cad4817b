// @ts-check
/*
 * An https store that discards all bodies. It keeps the sizes of parts, so that an upload can be completed. Takes a key
 * and a certificate from its parent process, sends it the port, and later its CPU time.
 */
import { createServer } from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';

/** @typedef {{ key: string, cert: string, bytesPerSecond?: number | undefined }} NullServerTerms */

/** @type {Map<number, number>} */
const sizes = new Map();
/** When one connection with the speed of the terms, shared by all, would have carried the bytes so far. */
let free = 0;

process.once('message', (/** @type {NullServerTerms} */ { key, cert, bytesPerSecond = Infinity }) => {
  const server = createServer({ key, cert }, (request, response) => {
    taken(request, bytesPerSecond)
      .then((size) => answer(request, response, size))
      .catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    if (address !== null && typeof address === 'object') process.send?.({ port: address.port });
  });
  process.on('message', () => {
    const { user, system } = process.cpuUsage();
    process.send?.({ cpu: (user + system) / 1e6 });
  });
  process.once('disconnect', () => process.exit());
});

/**
 * Reads the body of a request, no faster than the terms allow for all requests together.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {number} bytesPerSecond
 */
async function taken(request, bytesPerSecond) {
  let size = 0;
  for await (const { length } of request) {
    size += length;
    if (bytesPerSecond === Infinity) continue;
    free = Math.max(free, performance.now()) + (length / bytesPerSecond) * 1_000;
    const early = free - performance.now();
    // Timers are no finer than this.
    if (early > 2) await pause(early);
  }
  return size;
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {number} size
 */
function answer({ method, url = '' }, response, size) {
  const query = new URL(url, 'https://localhost').searchParams;
  const part = query.get('partNumber');
  if (part !== null) sizes.set(Number(part), size);
  if (method === 'PUT') response.setHeader('etag', `"${part ?? 'object'}"`);
  if (method === 'HEAD') response.writeHead(404);
  response.end(method === 'GET' || method === 'POST' ? text(method, query) : '');
  if (method === 'POST' && query.has('uploadId')) sizes.clear();
}

/**
 * @param {string} method
 * @param {URLSearchParams} query
 */
function text(method, query) {
  if (method === 'GET')
    return `<ListPartsResult><IsTruncated>false</IsTruncated>${listed()}</ListPartsResult>`;
  const name = query.has('uploads') ? 'InitiateMultipartUploadResult' : 'CompleteMultipartUploadResult';
  return `<${name}><Bucket>the-bucket</Bucket><Key>k</Key><UploadId>u</UploadId><ETag>"object"</ETag></${name}>`;
}

function listed() {
  return [...sizes]
    .sort(([a], [b]) => a - b)
    .map(([number, size]) => {
      const etag = `<ETag>"${number}"</ETag>`;
      return `<Part><PartNumber>${number}</PartNumber>${etag}<Size>${size}</Size></Part>`;
    })
    .join('');
}
