import { pipeline, Readable, Transform } from 'node:stream';
import { stackOf } from './middleware.js';

/**
 * Reports every byte of a command's response. While S3 completes a large object, which can take minutes, it sends
 * whitespace to keep the connection alive.
 *
 * @param moved called for the head of the response and for every piece of its body
 */
export function watchResponse(command: object, moved: () => void): void {
  stackOf(command)?.add(
    (next) => async (args) => {
      const response = await next(args);
      moved();
      const { response: http } = Object(response) as { readonly response?: { body?: unknown } };
      if (http?.body instanceof Readable) http.body = heard(http.body, moved);
      return response;
    },
    { step: 'deserialize', priority: 'low', name: 'sealpipeResponse', override: true },
  );
}

function heard(body: Readable, moved: () => void): Readable {
  const passed = new Transform({
    transform(chunk, _encoding, callback) {
      moved();
      callback(null, chunk);
    },
  });
  // The reader of the body gets the error.
  return pipeline(body, passed, () => undefined);
}
