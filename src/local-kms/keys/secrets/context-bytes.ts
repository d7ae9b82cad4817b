import { validationErrors } from '../../protocol/service-error.js';

/** AWS no longer publishes a limit; this is the limit of sealpipe's format, in the same encoding. */
const MAX_CONTEXT_BYTES = 8192;

/**
 * The canonical encoding of an encryption context: `u32(pairs)`, then for each pair, in the order of the keys' bytes,
 * `u32(len key) ‖ key ‖ u32(len value) ‖ value`. The lengths make it injective: `{"a":"bc"}` is not `{"ab":"c"}`.
 *
 * @param member the name in the request, for the message
 * @throws ServiceError ValidationException over 8,192 bytes
 */
export function contextBytes(context: ReadonlyMap<string, string> | undefined, member: string): Buffer {
  const pairs = [...(context ?? [])].map(([key, value]) => [Buffer.from(key), Buffer.from(value)] as const);
  pairs.sort(([a], [b]) => Buffer.compare(a, b));
  const pieces = [u32(pairs.length)];
  for (const [key, value] of pairs) pieces.push(u32(key.length), key, u32(value.length), value);
  const bytes = Buffer.concat(pieces);
  if (bytes.length > MAX_CONTEXT_BYTES) {
    throw validationErrors([
      `Value at '${member}' failed to satisfy constraint: Member must have length less than or equal to ${MAX_CONTEXT_BYTES}`,
    ]);
  }
  return bytes;
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
