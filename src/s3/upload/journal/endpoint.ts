import type { S3ClientLike } from '../../client-like.js';

/** The address of the server that a client talks to; undefined for Amazon's own. */
export async function endpointOf(client: S3ClientLike): Promise<string | undefined> {
  const { endpoint } = client.config as { readonly endpoint?: unknown };
  const found: unknown = typeof endpoint === 'function' ? await endpoint() : endpoint;
  if (typeof found !== 'object' || found === null) return undefined;
  const { protocol, hostname, port, path = '/' } = found as Readonly<Record<string, unknown>>;
  if (typeof hostname !== 'string') return undefined;
  return `${String(protocol)}//${hostname}${port === undefined ? '' : `:${String(port)}`}${String(path)}`;
}
