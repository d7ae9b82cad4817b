/** As AWS, its clients and most programs name errors. A value in quotes, in hex or in base64 is not of this form. */
const FORM = /^[A-Z][A-Za-z]{1,50}(?:Exception|Error|Fault|Failure)$/;
const KIND = /(?:Exception|Error|Fault|Failure)$/;
/** So many letters in a row that stand in both are no chance. */
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
