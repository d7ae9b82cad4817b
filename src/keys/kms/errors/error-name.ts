/** The names that AWS, its clients and most programs give errors. No value in quotes, hex or base64 has this form. */
const FORM = /^[A-Z][A-Za-z]{1,50}(?:Exception|Error|Fault|Failure)$/;
const KIND = /(?:Exception|Error|Fault|Failure)$/;
/** A run of this many letters that both contain is not a coincidence. */
const RUN = 4;

/**
 * Whether `name`, which may come from a response, is the name of an error and does not quote `values`. Takes time in
 * proportion to their length.
 */
export function isErrorName(name: string, values: readonly string[]): boolean {
  if (!FORM.test(name)) return false;
  const letters = lettersOf(name.replace(KIND, ''));
  const runs = new Set(runsOf(letters));
  return values.every((value) => {
    const others = lettersOf(value);
    return others.length < RUN ? others !== letters : !runsOf(others).some((run) => runs.has(run));
  });
}

function runsOf(letters: string): string[] {
  return Array.from({ length: Math.max(0, letters.length - RUN + 1) }, (_, at) =>
    letters.slice(at, at + RUN),
  );
}

function lettersOf(text: string): string {
  return text.toLowerCase().replace(/[^a-z]/g, '');
}
