/** The rows of the table whose header begins with `first`, as trimmed cells; none where there is no such table. */
export function tableRows(markdown: string, first: string): string[][] {
  const lines = markdown.split('\n');
  const header = lines.findIndex((line) => cellsOf(line)[0] === first);
  if (header < 0) return [];
  const below = lines.slice(header + 2);
  const end = below.findIndex((line) => !line.startsWith('|'));
  return below.slice(0, end < 0 ? below.length : end).map(cellsOf);
}

function cellsOf(line: string): string[] {
  return line.startsWith('|')
    ? line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
    : [];
}
