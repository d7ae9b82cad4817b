/** What this server does otherwise than S3, as some other server does. All off by default; a test may switch them at any time. */
export interface Quirks {
  /** Operations whose `If-…` headers are not looked at. */
  ignoresConditions: ReadonlySet<string>;
  /** Operations whose `If-…` headers are answered with 501. */
  refusesConditions: ReadonlySet<string>;
  /** Every read answers the whole object with 200. */
  ignoresRanges: boolean;
  /** The same bytes get another ETag each time, as under SSE-KMS. */
  randomEtags: boolean;
  /** A composite checksum without the number of parts (Garage). */
  bareComposite: boolean;
  /** Errors without a message (Ceph). */
  saysNoMessage: boolean;
  /** An upload that is gone is NoSuchKey (Ceph). */
  forgetsUploads: boolean;
  /** The size of a whole upload is not compared. */
  ignoresObjectSize: boolean;
  /** A second Complete of one upload answers as the first did. */
  completesTwice: boolean;
  /** Most entries of a page, below what is asked for. */
  pageSize: number;
  /** The ETag goes out without quotes, and the version id not at all. */
  bareEtags: boolean;
}

export function noQuirks(): Quirks {
  return {
    ignoresConditions: new Set(),
    refusesConditions: new Set(),
    ignoresRanges: false,
    randomEtags: false,
    bareComposite: false,
    saysNoMessage: false,
    forgetsUploads: false,
    ignoresObjectSize: false,
    completesTwice: false,
    pageSize: 1_000,
    bareEtags: false,
  };
}
