import { pipeline, Readable, Transform } from 'node:stream';
import { stackOf } from './middleware.js';

/**
 * Has every byte of a command's answer heard. While S3 makes a large object, which can take minutes, it sends blanks so
 * that nobody takes the connection for a dead one.
 *
 * @param moved hears of the head of the answer, and of every piece of its body
 */
export function watchAnswer(command: object, moved: () => void): void {
  stackOf(command)?.add(
    (next) => async (args) => {
      const answer = await next(args);
      moved();
      const { response } = Object(answer) as { readonly response?: { body?: unknown } };
      if (response?.body instanceof Readable) response.body = heard(response.body, moved);
      return answer;
    },
    { step: 'deserialize', priority: 'low', name: 'sealpipeAnswer', override: true },
  );
}

function heard(body: Readable, moved: () => void): Readable {
  const passed = new Transform({
    transform(chunk, _encoding, callback) {
      moved();
      callback(null, chunk);
    },
  });
  // Whoever reads it hears of what went wrong.
  return pipeline(body, passed, () => undefined);
}
