/** An option of the command. */
export interface OptionSpec {
  readonly short?: string;
  /** The name of its value in the help; absent if it takes none. */
  readonly value?: string;
  /** Whether it may be given several times. */
  readonly repeats?: true;
  /** The only valid values. */
  readonly choices?: readonly string[];
  /** Values that completion suggests. */
  readonly suggests?: readonly string[];
  /** Whether its value is the name of a file. */
  readonly isFile?: true;
  /** Whether its value may begin with a dash. */
  readonly takesDash?: true;
  /** Whether its value names a key, possibly one of the embedded KMS. */
  readonly isKey?: true;
  readonly about: string;
}
