import type { S3ClientLike } from '../../client-like.js';

/**
 * The same client, with the middleware, credentials and connections of the caller's, but for calls to another region.
 * The caller's own stays as it is.
 *
 * @returns undefined for a client of a foreign kind
 */
export function inRegion(client: S3ClientLike, region: string): S3ClientLike | undefined {
  if ((client as { readonly middlewareStack?: unknown }).middlewareStack === undefined) return undefined;
  // A command resolves its endpoint, and with it the region of the signature, by the configuration that it is sent with.
  const config = { ...client.config, region: async () => region };
  return Object.create(client, { config: { value: config } }) as S3ClientLike;
}
