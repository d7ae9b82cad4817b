// @ts-check
/*
 * Web streams: a sealing stream as a step between the body of a Request, a Response or a Blob and whatever reads it.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { Duplex, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createDecryptStream, createEncryptStream, rawKey } from 'sealpipe';

const keys = rawKey({ name: 'uploads', key: randomBytes(32) });
const photo = randomBytes(1_000_000);

// A web stream through two steps, to a Response. `new Blob([photo]).stream()` stands for any web stream.
const sealed = new Blob([photo]).stream().pipeThrough(Duplex.toWeb(createEncryptStream({ keys })));
const opened = sealed.pipeThrough(Duplex.toWeb(createDecryptStream({ keys })));
const bytes = Buffer.from(await new Response(opened).arrayBuffer());
assert(bytes.equals(photo));
console.log(`${bytes.length} bytes went through two web streams`);

// A Node stream handed to something that takes a web stream, such as the body of fetch.
const seal = createEncryptStream({ keys });
const [body] = await Promise.all([
  new Response(Readable.toWeb(seal)).arrayBuffer(),
  pipeline(Readable.from([photo]), seal),
]);
console.log(`a body of ${body.byteLength} bytes for ${photo.length} bytes of plaintext`);
assert.equal(body.byteLength, seal.bytesOut);
