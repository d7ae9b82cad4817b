import { optionsTypeError, SealpipeError } from '../../errors.js';
import type { EnvelopeEntry } from '../../format/joined-envelope.js';
import { entryOf } from '../../format/joined-envelope.js';
import type { Recipient } from '../../format/stream-header.js';
import type { KeyProvider } from '../../keys/provider.js';
import { MAX_RECIPIENTS } from '../../limits.js';
import type { KeyCalls, ProvenKey } from './key-calls.js';
import { cannotStayUnseen, forget } from './key-calls.js';
import type { RecipientName, RewrapSettings } from './rewrap-options.js';

/** The origin of a recipient in an envelope: it was kept, re-encrypted by KMS, or wrapped here. */
export type RecipientOrigin = 'kept' | 're-encrypted' | 'wrapped';

/** The new recipients of a stream. */
export interface NextRecipients {
  readonly entries: readonly EnvelopeEntry[];
  readonly origins: readonly RecipientOrigin[];
  /** Whether a data key was checked against the commitment. */
  readonly checked: boolean;
  /** The checked data key, which the receiver of this object wipes. */
  readonly proven: ProvenKey | undefined;
  /** The recipient that was opened or re-encrypted; undefined if there was nothing to do. */
  readonly from: Recipient | undefined;
}

interface Made {
  readonly recipient: Recipient;
  readonly origin: RecipientOrigin;
}

/** Keys that can be used without a service call; data keys from them are always checked. */
const FREE = /^(raw:|aws-kms:arn:[a-z-]+:kms:local:)/;

/** Decides which recipients a stream gets, and creates them. */
export class Rewrapping {
  readonly #entries: readonly EnvelopeEntry[];
  readonly #recipients: readonly Recipient[];
  readonly #settings: RewrapSettings;
  readonly #keys: KeyCalls;
  readonly #targets: readonly KeyProvider[];
  readonly #removed: readonly Recipient[];

  constructor(entries: readonly EnvelopeEntry[], settings: RewrapSettings, keys: KeyCalls) {
    this.#entries = entries;
    this.#recipients = entries.map(({ recipient }) => recipient);
    this.#settings = settings;
    this.#keys = keys;
    this.#targets = [...settings.to, ...settings.add];
    this.#removed = this.#recipients.filter((one) => settings.remove.some((name) => isSame(one, name)));
  }

  /** The recipients of the stream that `remove` names. */
  get removed(): readonly Recipient[] {
    return this.#removed;
  }

  /** Whether there is nothing left to do. */
  get isIdle(): boolean {
    return this.#targets.length === 0 && this.#removed.length === 0;
  }

  /** Whether this change requires the check against the commitment, as far as that is known before any call. */
  get mustCheck(): boolean {
    const { check, neverUnwrap, keys } = this.#settings;
    if (check || this.#removed.length > 0 || this.#names(this.#targets)) return true;
    const first = this.#recipients.find((one) => keys.some((provider) => provider.matches(one)));
    return !neverUnwrap && first !== undefined && FREE.test(idOf(first));
  }

  /** Whether the stream has a recipient for every key of `to` and `add`, judged by their names. */
  get isDoneByName(): boolean {
    return this.#targets.length > 0 && this.#targets.every((provider) => this.#names([provider]));
  }

  /** @throws TypeError `ERR_SEALPIPE_OPTIONS` for mistakes that do not depend on the answers of the keys */
  assertPossible(): void {
    if (this.#targets.length === 0 && this.#removed.length === this.#recipients.length) {
      throw optionsTypeError('The last recipient cannot be removed: nobody could open the stream');
    }
    if (this.#settings.neverUnwrap && this.#names(this.#targets)) {
      throw cannotStayUnseen('One of the new keys already is that of a recipient');
    }
  }

  /**
   * Creates the recipients.
   *
   * @throws (rejects) SealpipeError like the opening of a stream; TypeError `ERR_SEALPIPE_OPTIONS`
   */
  async run(): Promise<NextRecipients> {
    this.assertPossible();
    if (this.isIdle) return this.#unchanged(undefined);
    try {
      if (!this.mustCheck) {
        const made = await this.#unseen();
        if (made !== undefined) return made;
      }
      return await this.#checked();
    } catch (error) {
      if ((error as Partial<SealpipeError>).code !== 'ERR_SEALPIPE_KEY_MISMATCH') throw error;
      const proven = await this.#doneBefore();
      if (proven === undefined) throw error;
      return this.#unchanged(proven === 'by name' ? undefined : proven);
    }
  }

  /** With ReEncrypt only: the new recipient replaces the one that was re-encrypted, and all others stay. */
  async #unseen(): Promise<NextRecipients | undefined> {
    const { keys, neverUnwrap } = this.#settings;
    const able = neverUnwrap ? keys.filter(({ rewrap }) => rewrap !== undefined) : keys;
    const first = await this.#reEncryptedFirst(able);
    const made: Made[] = [];
    if (first !== undefined) {
      made.push({ recipient: first.next, origin: 're-encrypted' });
      for (const target of this.#targets.slice(1)) {
        const next = await this.#keys.reEncrypt([first.from], [first.by], target);
        if (next !== undefined) made.push({ recipient: next.next, origin: 're-encrypted' });
      }
    }
    if (first === undefined || made.length < this.#targets.length) {
      if (neverUnwrap) throw cannotStayUnseen('No one client of KMS reaches both keys');
      return undefined;
    }
    // Only the answer shows which key an alias stands for.
    if (made.some(({ recipient }) => this.#recipients.some((one) => isSame(one, recipient)))) {
      if (neverUnwrap) throw cannotStayUnseen('One of the new keys already is that of a recipient');
      return undefined;
    }
    return { ...this.#compose(made, first.from), checked: false, proven: undefined, from: first.from };
  }

  async #reEncryptedFirst(keys: readonly KeyProvider[]) {
    return keys.length === 0 ? undefined : this.#keys.reEncrypt(this.#recipients, keys, this.#targets[0]!);
  }

  /** With a data key that was checked against the commitment. */
  async #checked(): Promise<NextRecipients> {
    const { keys, neverUnwrap } = this.#settings;
    if (neverUnwrap) throw cannotStayUnseen('The keys are not those of one region of KMS');
    const stay = this.#recipients.filter((one) => !this.#removed.includes(one));
    // If recipients are only removed, one of the remaining ones must open the stream. If they are replaced, any may.
    const candidates = this.#targets.length === 0 ? stay : [...stay, ...this.#removed];
    const proven = await this.#keys.prove(candidates, keys);
    try {
      const made: Made[] = [];
      let isProven = false;
      for (const target of this.#targets) {
        const one = await this.#made(proven, target);
        made.push(one);
        if (!FREE.test(idOf(one.recipient))) continue;
        await this.#proveNew(one.recipient, target);
        isProven = true;
      }
      const next = this.#compose(made, proven.from);
      const others = this.#recipients.filter((one) => one !== proven.from);
      const staying = new Set(next.entries.map(({ recipient }) => recipient));
      const losesOthers = others.some((one) => !staying.has(one));
      if (losesOthers && !isProven && !staying.has(proven.from)) {
        await this.#proveNew(made[0]!.recipient, this.#targets[0]!);
      }
      return { ...next, checked: true, proven, from: proven.from };
    } catch (error) {
      forget(proven);
      throw error;
    }
  }

  async #made(proven: ProvenKey, target: KeyProvider): Promise<Made> {
    const again = await this.#keys.reEncrypt([proven.from], [proven.by], target);
    if (again !== undefined) return { recipient: again.next, origin: 're-encrypted' };
    return { recipient: await this.#keys.wrap(proven.dataKey, target), origin: 'wrapped' };
  }

  /** A new recipient must open the stream before the other recipients that open it are removed. */
  async #proveNew(recipient: Recipient, by: KeyProvider): Promise<void> {
    forget(await this.#keys.prove([recipient], [by]));
  }

  /** Whether an earlier run has done this: the stream has the keys of `to`, and not those of `keys`. */
  async #doneBefore(): Promise<ProvenKey | 'by name' | undefined> {
    const { to, add, neverUnwrap } = this.#settings;
    if (to.length === 0 || this.#removed.length > 0) return undefined;
    if (this.isDoneByName) return 'by name';
    if (neverUnwrap) return undefined;
    let proven: ProvenKey | undefined;
    for (const provider of [...to, ...add]) {
      forget(proven);
      proven = await this.#keys.prove(this.#recipients, [provider]).catch(() => undefined);
      if (proven === undefined) return undefined;
    }
    return proven;
  }

  #unchanged(proven: ProvenKey | undefined): NextRecipients {
    const origins = this.#entries.map(() => 'kept' as const);
    return { entries: this.#entries, origins, checked: proven !== undefined, proven, from: proven?.from };
  }

  #compose(made: readonly Made[], from: Recipient): Pick<NextRecipients, 'entries' | 'origins'> {
    const { to, remove } = this.#settings;
    for (const [i, { recipient }] of made.entries()) {
      if (made.findIndex((other) => isSame(other.recipient, recipient)) !== i) {
        throw optionsTypeError(`Two of \`to\` and \`add\` are the same key ${JSON.stringify(recipient.key)}`);
      }
      if (remove.some((name) => isSame(name, recipient))) {
        throw optionsTypeError(`The key ${JSON.stringify(recipient.key)} is to be added and removed`);
      }
    }
    const rows = this.#entries.flatMap((entry) => {
      const { recipient } = entry;
      if (to.length > 0 && recipient === from) return made.slice(0, to.length).map(rowOf);
      const goes = this.#removed.includes(recipient) || made.some((one) => isSame(one.recipient, recipient));
      return goes ? [] : [{ entry, origin: 'kept' as RecipientOrigin }];
    });
    rows.push(...made.slice(to.length).map(rowOf));
    if (rows.length > MAX_RECIPIENTS) {
      throw new SealpipeError('ERR_SEALPIPE_LIMIT', `A stream has at most ${MAX_RECIPIENTS} recipients`);
    }
    return { entries: rows.map(({ entry }) => entry), origins: rows.map(({ origin }) => origin) };
  }

  /** Whether one of these providers has, by name, the key of a recipient of the stream. */
  #names(providers: readonly KeyProvider[]): boolean {
    return providers.some(({ id }) => this.#recipients.some((one) => idOf(one) === id));
  }
}

function rowOf({ recipient, origin }: Made): { entry: EnvelopeEntry; origin: RecipientOrigin } {
  return { entry: entryOf(recipient), origin };
}

function isSame(one: RecipientName, other: RecipientName): boolean {
  return one.provider === other.provider && one.key === other.key;
}

function idOf({ provider, key }: RecipientName): string {
  return `${provider}:${key}`;
}
