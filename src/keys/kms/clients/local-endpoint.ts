import { isIPv4 } from 'node:net';
import type { KmsClientLike } from '../client-like.js';

/** What a KMSClient tells of where it sends. */
interface EndpointSettings {
  /** False: the host's name is made from the region. */
  readonly isCustomEndpoint?: unknown;
  readonly endpoint?: unknown;
}

/**
 * Where a client for region `local` would send besides this machine; undefined if it stays here, as the in-process
 * KMS does (its host is one of `.invalid`, which is nobody's: RFC 6761), or cannot tell.
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
