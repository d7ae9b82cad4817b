import { createCipheriv, createDecipheriv, createHash, randomBytes, randomUUID } from 'node:crypto';

/** A refusal of KMS: the error's name and message as they go over the wire. */
export class FakeRefusal extends Error {
  constructor(name: string, message = '') {
    super(message);
    this.name = name;
  }
}

/** Fields of a request or an answer as JSON carries them: bytes are base64. */
export type Fields = Readonly<Record<string, unknown>>;

const SPEC_BYTES: Readonly<Record<string, number>> = { AES_256: 32, AES_128: 16 };

/**
 * As much of KMS as the provider calls, over real ciphertexts: any key ARN of any region and account, aliases that
 * can be re-pointed, and multi-Region keys that share their material.
 */
export class FakeKms {
  readonly #materials = new Map<string, Buffer>();
  readonly #aliases = new Map<string, string>();

  /** Makes a key and returns its ARN. */
  createKey({ region = 'eu-west-1', account = '111122223333', id = randomUUID() as string } = {}): string {
    const arn = `arn:aws:kms:${region}:${account}:key/${id}`;
    const twin = [...this.#materials].find(([other]) => id.startsWith('mrk-') && other.endsWith(`key/${id}`));
    this.#materials.set(arn, twin?.[1] ?? randomBytes(32));
    return arn;
  }

  /** Points `alias/…` at a key, in the key's region. */
  pointAlias(name: string, arn: string): void {
    this.#aliases.set(`${regionOf(arn)} ${name}`, arn);
  }

  /** Answers one operation in a region. */
  answer(operation: string, input: Fields, region: string): Fields {
    if (operation === 'GenerateDataKey') return this.#generate(input, region);
    if (operation === 'Encrypt') return this.#encrypt(input, region);
    if (operation === 'Decrypt') return this.#decrypt(input, region);
    if (operation === 'ReEncrypt') return this.#reEncrypt(input, region);
    throw new FakeRefusal('UnknownOperationException');
  }

  #generate(input: Fields, region: string): Fields {
    if ((input['KeySpec'] === undefined) === (input['NumberOfBytes'] === undefined)) {
      throw new FakeRefusal('ValidationException', 'Please specify either number of bytes or key spec.');
    }
    const key = this.#resolve(input['KeyId'], region);
    const plaintext = randomBytes(SPEC_BYTES[String(input['KeySpec'])] ?? Number(input['NumberOfBytes']));
    const blob = this.#seal(key, plaintext, input['EncryptionContext']);
    return { KeyId: key, Plaintext: plaintext.toString('base64'), CiphertextBlob: blob };
  }

  #encrypt(input: Fields, region: string): Fields {
    const key = this.#resolve(input['KeyId'], region);
    const plaintext = Buffer.from(String(input['Plaintext']), 'base64');
    return { KeyId: key, CiphertextBlob: this.#seal(key, plaintext, input['EncryptionContext']) };
  }

  #decrypt(input: Fields, region: string): Fields {
    const key = this.#resolve(input['KeyId'], region);
    const plaintext = this.#open(key, input['CiphertextBlob'], input['EncryptionContext']);
    return { KeyId: key, Plaintext: plaintext.toString('base64') };
  }

  #reEncrypt(input: Fields, region: string): Fields {
    const source = this.#resolve(input['SourceKeyId'], region);
    const key = this.#resolve(input['DestinationKeyId'], region);
    const plaintext = this.#open(source, input['CiphertextBlob'], input['SourceEncryptionContext']);
    const blob = this.#seal(key, plaintext, input['DestinationEncryptionContext']);
    return { SourceKeyId: source, KeyId: key, CiphertextBlob: blob };
  }

  #resolve(name: unknown, region: string): string {
    const text = String(name);
    if (text.startsWith('arn:') && regionOf(text) !== region) {
      throw new FakeRefusal('NotFoundException', `Invalid arn ${regionOf(text)}`);
    }
    const short = text.replace(/^arn:[^:]+:kms:[^:]+:\d+:(alias\/)/, '$1');
    const alias = this.#aliases.get(`${region} ${short}`);
    const arn =
      alias ?? [...this.#materials.keys()].find((one) => regionOf(one) === region && names(one, text));
    if (arn === undefined) throw new FakeRefusal('NotFoundException', `Key '${text}' does not exist`);
    return arn;
  }

  #seal(arn: string, plaintext: Buffer, context: unknown): string {
    const material = this.#materials.get(arn)!;
    const nonce = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', material, nonce).setAAD(aadOf(context));
    const sealed = Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
    return Buffer.concat([handleOf(material), nonce, sealed]).toString('base64');
  }

  #open(arn: string, blob: unknown, context: unknown): Buffer {
    const bytes = Buffer.from(String(blob), 'base64');
    const material = this.#materials.get(arn)!;
    const known = [...this.#materials.values()].some((one) => handleOf(one).equals(bytes.subarray(0, 8)));
    if (!known || bytes.length < 36) throw new FakeRefusal('InvalidCiphertextException');
    if (!handleOf(material).equals(bytes.subarray(0, 8))) {
      const message = 'The key ID in the request does not identify a CMK that can perform this operation.';
      throw new FakeRefusal('IncorrectKeyException', message);
    }
    try {
      const decipher = createDecipheriv('aes-256-gcm', material, bytes.subarray(8, 20));
      decipher.setAAD(aadOf(context)).setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(20, -16)), decipher.final()]);
    } catch {
      throw new FakeRefusal('InvalidCiphertextException');
    }
  }
}

function regionOf(arn: string): string {
  return arn.split(':')[3] ?? '';
}

function names(arn: string, text: string): boolean {
  return arn === text || arn.endsWith(`:key/${text}`);
}

function handleOf(material: Buffer): Buffer {
  return createHash('sha256').update(material).digest().subarray(0, 8);
}

function aadOf(context: unknown): Buffer {
  const pairs = Object.entries((context ?? {}) as Fields).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(pairs));
}
