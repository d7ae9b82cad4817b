import fc from 'fast-check';

const SURROGATES = 0x800;
const characterAt = (index: number): string =>
  String.fromCodePoint(index < 0xd800 ? index : index + SURROGATES);

/** One character of any length in UTF-8; those at the edges come often. (fast-check's own unit takes seconds to set up.) */
const character = fc.oneof(
  fc.constantFrom('\0', '-', '1', '2', 'a', 'z', '\u007f', '\u0080', '\u07ff', '\u0800', '\ud7ff', '\ue000'),
  fc.constantFrom('\ufeff', '\ufffd', '\uffff', '\u{10000}', '\u{10ffff}', 'é', 'e\u0301', '__proto__'),
  fc.nat({ max: 0x10ffff - SURROGATES }).map(characterAt),
);

/** Well-formed Unicode of at least `minLength` characters. */
export function anyText(minLength = 0, maxLength = 20): fc.Arbitrary<string> {
  return fc.string({ unit: character, minLength, maxLength });
}
