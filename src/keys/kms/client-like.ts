import { optionsTypeError } from '../../errors.js';

/** The part of a KMSClient that this library uses, so that a client of any version or package copy fits. */
export interface KmsClientLike {
  /** Sends a command of `@aws-sdk/client-kms` and resolves with its output. */
  send(command: object, options?: { abortSignal?: AbortSignal }): Promise<unknown>;
  /** The resolved configuration of the client. */
  readonly config: {
    /** The region that this client calls. */
    region(): Promise<string> | string;
    /** Called once with `forceRefresh` if AWS says that the credentials have expired. */
    credentials?(options?: { forceRefresh?: boolean }): Promise<unknown>;
  };
}

/** Returns the client for a region; called once per region. */
export type KmsClientOfRegion = (region: string) => KmsClientLike | Promise<KmsClientLike>;

/** Whether `value` has what {@link KmsClientLike} needs. */
export function isKmsClientLike(value: unknown): value is KmsClientLike {
  const client = value as Partial<KmsClientLike> | null | undefined;
  return typeof client?.send === 'function' && typeof client.config?.region === 'function';
}

/** The first version whose clients can send commands of later versions, since both use schemas and a protocol. */
const OLDEST_CLIENT = '3.928.0';

/** Refuses a KMSClient that is too old for the commands used here. Clients that are not from AWS are not checked. */
export function assertNotTooOld(client: KmsClientLike): void {
  const { middlewareStack, config } = client as KmsClientLike & { readonly middlewareStack?: unknown };
  if (middlewareStack === undefined || (config as { readonly protocol?: unknown }).protocol !== undefined)
    return;
  throw optionsTypeError(
    `client is a KMSClient of an @aws-sdk/client-kms before ${OLDEST_CLIENT}, which cannot send the commands of a later one: update @aws-sdk/client-kms, or give clientConfig in place of client`,
  );
}
