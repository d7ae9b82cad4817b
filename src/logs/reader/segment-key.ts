/** A key that opened segments of an archive: plain JSON. */
export interface SegmentKey {
  /** The provider's name in the recipient. */
  readonly provider: string;
  /** The key's name in the recipient. */
  readonly key: string;
  /** How many segments it opened. */
  readonly segments: number;
}
