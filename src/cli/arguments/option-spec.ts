/** An option of the command. */
export interface OptionSpec {
  readonly short?: string;
  /** What its value is called in the help; absent: it takes none. */
  readonly value?: string;
  /** May be given several times. */
  readonly repeats?: true;
  /** The only values it takes. */
  readonly choices?: readonly string[];
  /** Values that completion offers among others. */
  readonly suggests?: readonly string[];
  /** Its value is the name of a file. */
  readonly isFile?: true;
  /** Its value may begin with a dash. */
  readonly takesDash?: true;
  /** Its value names a key, of the embedded KMS among others. */
  readonly isKey?: true;
  readonly about: string;
}
