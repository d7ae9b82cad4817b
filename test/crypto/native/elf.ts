/** What the head of an ELF file says of how it is linked (64 bits, little-endian). */
export interface Linked {
  /** The flags of PT_GNU_STACK: 1 is an executable stack. */
  readonly stackFlags: number | undefined;
  /** Whether what was relocated is made read-only. */
  readonly readOnlyRelocations: boolean;
  /** Whether every symbol is bound when it is loaded. */
  readonly bindsNow: boolean;
  /** The libraries that it asks for. */
  readonly libraries: readonly string[];
  /** The versions of symbols that it asks for: `GLIBC_2.14`. */
  readonly versions: readonly string[];
}

const PT_LOAD = 1;
const PT_DYNAMIC = 2;
const PT_GNU_STACK = 0x6474e551;
const PT_GNU_RELRO = 0x6474e552;
const DT_NEEDED = 1;
const DT_STRTAB = 5;
const DT_FLAGS = 30;
const DT_FLAGS_1 = 0x6ffffffb;
const DT_VERNEED = 0x6ffffffe;
const DT_VERNEEDNUM = 0x6fffffff;
const DF_BIND_NOW = 8;
const DF_1_NOW = 1;

/** Reads the program headers and the dynamic section of a shared library. */
export function readElf(file: Buffer): Linked {
  if (file.readUInt32BE(0) !== 0x7f454c46 || file[4] !== 2 || file[5] !== 1) throw new Error('no such ELF');
  const number = (at: number): number => Number(file.readBigUInt64LE(at));
  const headers = Array.from({ length: file.readUInt16LE(56) }, (_, i) => {
    const at = number(32) + i * file.readUInt16LE(54);
    return {
      type: file.readUInt32LE(at),
      flags: file.readUInt32LE(at + 4),
      offset: number(at + 8),
      address: number(at + 16),
      size: number(at + 32),
    };
  });
  const find = (type: number) => headers.find((header) => header.type === type);
  const placeOf = (address: number): number => {
    const load = headers.find(
      (header) =>
        header.type === PT_LOAD && address >= header.address && address < header.address + header.size,
    );
    if (load === undefined) throw new Error('an address outside of the file');
    return load.offset + address - load.address;
  };

  const dynamic = find(PT_DYNAMIC);
  const entries = Array.from({ length: (dynamic?.size ?? 0) / 16 }, (_, i) => {
    const at = (dynamic?.offset ?? 0) + i * 16;
    return { tag: number(at), value: number(at + 8) };
  });
  const entry = (tag: number): number => entries.find((one) => one.tag === tag)?.value ?? 0;
  const text = (offset: number): string => {
    const at = placeOf(entry(DT_STRTAB)) + offset;
    return file.toString('latin1', at, file.indexOf(0, at));
  };

  const versions: string[] = [];
  for (let left = entry(DT_VERNEEDNUM), at = left > 0 ? placeOf(entry(DT_VERNEED)) : 0; left > 0; left--) {
    let part = at + file.readUInt32LE(at + 8);
    for (let count = file.readUInt16LE(at + 2); count > 0; count--) {
      versions.push(text(file.readUInt32LE(part + 8)));
      part += file.readUInt32LE(part + 12);
    }
    at += file.readUInt32LE(at + 12);
  }
  return {
    stackFlags: find(PT_GNU_STACK)?.flags,
    readOnlyRelocations: find(PT_GNU_RELRO) !== undefined,
    bindsNow: (entry(DT_FLAGS) & DF_BIND_NOW) !== 0 || (entry(DT_FLAGS_1) & DF_1_NOW) !== 0,
    libraries: entries.filter(({ tag }) => tag === DT_NEEDED).map(({ value }) => text(value)),
    versions,
  };
}
