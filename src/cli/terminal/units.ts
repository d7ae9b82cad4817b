const BINARY_UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes per unit, as a size on the command line may have one. */
const UNITS: Readonly<Record<string, number>> = {
  '': 1,
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
};

/** Reads `4096`, `64K`, `64KiB`, `10 GB`; undefined for anything else. */
export function parseSize(text: string): number | undefined {
  const [, digits, unit] = /^([0-9]{1,16}) ?([a-zA-Z]*)$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit.toLowerCase()];
  const size = factor === undefined ? Number.NaN : Number(digits) * factor;
  return Number.isSafeInteger(size) ? size : undefined;
}

/** Such as `1.5 GiB`. */
export function formatSize(bytes: number): string {
  const power = Math.max(0, Math.min(BINARY_UNITS.length - 1, Math.floor(Math.log2(bytes || 1) / 10)));
  const value = bytes / 2 ** (10 * power);
  const digits = power === 0 || Number.isInteger(value) ? 0 : value < 100 ? 1 : 0;
  return `${value.toFixed(digits)} ${BINARY_UNITS[power]}`;
}

/** Such as `1,234,567 bytes`. */
export function formatBytes(bytes: number): string {
  const grouped = String(bytes).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${grouped} ${bytes === 1 ? 'byte' : 'bytes'}`;
}

/** Such as `1 h 02 min`, `3 min 05 s` or `9 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3_600)} h ${two(Math.floor((seconds % 3_600) / 60))} min`;
}
