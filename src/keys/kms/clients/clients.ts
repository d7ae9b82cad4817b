import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { optionsTypeError, SealpipeError } from '../../../errors.js';
import { LOCAL_REGION } from '../../../key-arn.js';
import type { KmsClientLike } from '../client-like.js';
import { assertNotTooOld, isKmsClientLike } from '../client-like.js';
import { cleanCause } from '../errors/clean-cause.js';
import type { Settings } from '../settings.js';
import { hostElsewhere } from './local-endpoint.js';
import { OwnClients } from './own-clients.js';
import { RegionCache } from './region-cache.js';

/** A client and the region that it calls. */
export interface Route {
  readonly client: KmsClientLike;
  readonly region: string;
}

/** Makes the error for a client whose region (`has`) is not the one that is needed. */
export type RefuseRegion = (has: string) => Error;

/** The clients of one provider: the caller's, or its own. */
export class Clients {
  readonly #given: Settings['client'];
  readonly #config: KMSClientConfig;
  readonly #own: OwnClients;
  readonly #cache = new RegionCache();

  constructor({ client, clientConfig, timeout }: Pick<Settings, 'client' | 'clientConfig' | 'timeout'>) {
    this.#given = client;
    this.#config = clientConfig;
    this.#own = new OwnClients(clientConfig, timeout);
  }

  /** The client that calls `region`; `refuse` makes the error if no client calls it. */
  async in(region: string, refuse: RefuseRegion): Promise<Route> {
    const client = await this.#clientIn(region, refuse);
    const has = await regionOf(client);
    if (has !== region) throw refuse(`region ${has}`);
    await assertStaysHere(client, region, refuse);
    return { client, region };
  }

  /** The client for the caller's own region. Not to be called if the given client is a function of the region. */
  async home(refuse: RefuseRegion): Promise<Route> {
    const client = typeof this.#given === 'object' ? this.#given : await this.#ownIn(undefined);
    const region = await regionOf(client);
    await assertStaysHere(client, region, refuse);
    return { client, region };
  }

  /** Whether calls through `other` are sent in the same way as calls through these clients. */
  actsAs(other: Clients): boolean {
    const ours = { ...this.#config, region: undefined };
    return this.#given === other.#given && isSame(ours, { ...other.#config, region: undefined });
  }

  /** Closes the connections of the clients that were made here. */
  close(): void {
    this.#own.close();
    this.#cache.clear();
  }

  async #clientIn(region: string, refuse: RefuseRegion): Promise<KmsClientLike> {
    const given = this.#given;
    if (typeof given === 'object') return given;
    if (typeof given === 'function')
      return this.#cache.get(region, async () => asClient(await given(region)));
    const home = await this.#configuredRegion();
    if ((home === LOCAL_REGION) !== (region === LOCAL_REGION))
      throw refuse(home === undefined ? 'AWS' : `region ${home}`);
    return this.#ownIn(region);
  }

  #ownIn(region: string | undefined): Promise<KmsClientLike> {
    return this.#cache.get(region ?? '', () => this.#own.make(region));
  }

  async #configuredRegion(): Promise<string | undefined> {
    const { region } = this.#config;
    return typeof region === 'function' ? await region() : region;
  }
}

async function regionOf(client: KmsClientLike): Promise<string> {
  try {
    return await client.config.region();
  } catch (error) {
    throw new SealpipeError('ERR_SEALPIPE_KEY_DENIED', 'No AWS region is known', {
      hint: 'Set AWS_REGION, or name the key by its ARN',
      cause: cleanCause(error, []),
      retryable: false,
    });
  }
}

/** Region `local` belongs to the in-process KMS: nothing for it leaves this machine. */
async function assertStaysHere(client: KmsClientLike, region: string, refuse: RefuseRegion): Promise<void> {
  const elsewhere = region === LOCAL_REGION ? await hostElsewhere(client) : undefined;
  if (elsewhere !== undefined) throw refuse(elsewhere);
}

function asClient(client: unknown): KmsClientLike {
  if (isKmsClientLike(client)) {
    assertNotTooOld(client);
    return client;
  }
  throw optionsTypeError('The function given as client must return a KMSClient, and returned something else');
}

/**
 * Plain objects are compared by content, except for the `$source` that the SDK adds to a caller's credentials.
 * Everything that has behaviour is compared by identity.
 */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isPlain(a) || !isPlain(b)) return false;
  const names = Object.keys({ ...a, ...b }).filter((name) => !name.startsWith('$'));
  return names.every((name) => isSame(a[name], b[name]));
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
