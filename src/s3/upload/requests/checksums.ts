import { crc32 } from 'node:zlib';
import { u32 } from '../../../bytes.js';
import { optionsTypeError } from '../../../errors.js';
import type { S3ClientLike } from '../../client-like.js';

/** A checksum that S3 stores with an object and compares with what arrives. */
export type ChecksumAlgorithm = 'CRC32' | 'CRC32C' | 'CRC64NVME' | 'SHA1' | 'SHA256';

const ALGORITHMS: readonly ChecksumAlgorithm[] = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'];

/** Checks the option. @throws TypeError `ERR_SEALPIPE_OPTIONS` */
export function checkAlgorithm(given: unknown): ChecksumAlgorithm | undefined {
  if (given === undefined || ALGORITHMS.includes(given as ChecksumAlgorithm))
    return given as ChecksumAlgorithm;
  throw optionsTypeError(`\`checksumAlgorithm\` must be one of ${ALGORITHMS.join(', ')}`);
}

/**
 * The checksums of payloads: CRC32, computed here, which costs a fraction of the others in Node. The caller's choice
 * for this call or for the client (`requestChecksumCalculation: 'WHEN_REQUIRED'`) is left to the SDK.
 */
export class Checksums {
  readonly algorithm: ChecksumAlgorithm | undefined;

  /** @param algorithm undefined: none */
  constructor(algorithm: ChecksumAlgorithm | undefined) {
    this.algorithm = algorithm;
  }

  /** @param isRequired S3 requires one, like for objects with retention */
  static async of(
    client: S3ClientLike,
    algorithm: ChecksumAlgorithm | undefined,
    isRequired: boolean,
  ): Promise<Checksums> {
    if (algorithm !== undefined || isRequired) return new Checksums(algorithm ?? 'CRC32');
    const { requestChecksumCalculation: setting } = client.config as { requestChecksumCalculation?: unknown };
    const when: unknown = typeof setting === 'function' ? await setting() : setting;
    return new Checksums(when === 'WHEN_REQUIRED' ? undefined : 'CRC32');
  }

  /** The member of requests, responses and listings that holds the checksum. */
  get member(): `Checksum${ChecksumAlgorithm}` | undefined {
    return this.algorithm && `Checksum${this.algorithm}`;
  }

  /** The checksum members of a request without a payload. */
  announced(): object {
    return this.algorithm === undefined ? {} : { ChecksumAlgorithm: this.algorithm };
  }

  /** The checksum members of a request with the payload `bytes`. */
  of(bytes: Uint8Array): { readonly ChecksumCRC32?: string; readonly ChecksumAlgorithm?: ChecksumAlgorithm } {
    if (this.algorithm === undefined) return {};
    if (this.algorithm !== 'CRC32') return { ChecksumAlgorithm: this.algorithm };
    return { ChecksumCRC32: Buffer.from(u32(crc32(bytes))).toString('base64') };
  }
}
