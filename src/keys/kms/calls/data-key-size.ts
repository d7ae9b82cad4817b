import { optionsRangeError } from '../../../errors.js';
import type { Settings } from '../settings.js';

type KeySpec = NonNullable<Settings['keySpec']>;

const KEY_SPEC_BYTES: Readonly<Record<KeySpec, number>> = { AES_256: 32, AES_128: 16 };

/** The members that request a data key from GenerateDataKey, and the size that it must have. */
export interface DataKeySize {
  readonly bytes: number;
  readonly request: { readonly KeySpec: KeySpec } | { readonly NumberOfBytes: number };
}

/** The size from the options, or by default what the suite needs, as a KeySpec if one has that size (FORMAT 3). */
export function dataKeySize(
  { keySpec, numberOfBytes }: Pick<Settings, 'keySpec' | 'numberOfBytes'>,
  needed: number,
): DataKeySize {
  const size = keySpec === undefined ? ofBytes(numberOfBytes ?? needed, numberOfBytes) : ofSpec(keySpec);
  if (size.bytes >= needed) return size;
  const option = keySpec === undefined ? `numberOfBytes ${numberOfBytes}` : `keySpec ${keySpec}`;
  throw optionsRangeError(
    `${option} gives data keys of ${size.bytes} bytes, and the suite needs ${needed}: leave the option out, or ask for more`,
  );
}

function ofSpec(keySpec: KeySpec): DataKeySize {
  return { bytes: KEY_SPEC_BYTES[keySpec], request: { KeySpec: keySpec } };
}

function ofBytes(bytes: number, asked: number | undefined): DataKeySize {
  const specs = Object.keys(KEY_SPEC_BYTES) as KeySpec[];
  const spec = asked === undefined ? specs.find((name) => KEY_SPEC_BYTES[name] === bytes) : undefined;
  return spec === undefined ? { bytes, request: { NumberOfBytes: bytes } } : ofSpec(spec);
}
