import { isIPv4 } from 'node:net';
import type { KmsClientLike } from '../client-like.js';

/** The part of a KMSClient that tells where it sends requests. */
interface EndpointSettings {
  /** False: the host's name is made from the region. */
  readonly isCustomEndpoint?: unknown;
  readonly endpoint?: unknown;
}

/**
 * Where a client for region `local` would send besides this machine; undefined if it stays here, like the in-process
 * KMS does (its host is in `.invalid`, which belongs to nobody: RFC 6761), or if that is unknown.
 */
export async function hostElsewhere(client: KmsClientLike): Promise<string | undefined> {
  const { isCustomEndpoint, endpoint } = client.config as EndpointSettings;
  if (isCustomEndpoint === false) return 'a host of AWS';
  if (typeof endpoint !== 'function') return undefined;
  const { hostname } = ((await endpoint()) ?? {}) as { readonly hostname?: unknown };
  return typeof hostname === 'string' && !isHere(hostname) ? `the host ${hostname}` : undefined;
}

function isHere(hostname: string): boolean {
  if (isIPv4(hostname)) return hostname.startsWith('127.');
  return ['localhost', '::1', '[::1]'].includes(hostname) || hostname.endsWith('.invalid');
}
