import type { S3ClientLike } from '../../client-like.js';

/**
 * A client with the middleware, credentials and connections of the caller's, for calls to another region. The caller's
 * client is not changed.
 *
 * @returns undefined for a client that is not from the SDK
 */
export function inRegion(client: S3ClientLike, region: string): S3ClientLike | undefined {
  if ((client as { readonly middlewareStack?: unknown }).middlewareStack === undefined) return undefined;
  // A command resolves its endpoint, and with it the region of the signature, from the configuration that it is sent
  // with.
  const config = { ...client.config, region: async () => region };
  return Object.create(client, { config: { value: config } }) as S3ClientLike;
}
