/** How the bundler writes an import of a built-in module of Node. */
const IMPORT = /^import (\{[^{}]*\}|\* as [\w$]+|[\w$]+) from "(node:[a-z/_]+)";$/gm;

/**
 * Makes a module ask Node for built-in modules instead of importing them, line by line. For an import statement Node
 * reads every property of the built-in module, and some of them load further modules: that took a fifth of the start on
 * Node 24.
 *
 * @param {string} code as the bundler writes it
 * @throws Error for an import that it does not know
 */
export function askNode(code) {
  const asked = code.replace(IMPORT, (_line, names, part) => {
    const binding = names.replace(/^\* as /, '').replaceAll(' as ', ': ');
    return `const ${binding} = process.getBuiltinModule("${part}");`;
  });
  const [left] = /^import .*"node:.*$/m.exec(asked) ?? [];
  if (left !== undefined) throw new Error(`an unexpected import of a built-in module: ${left}`);
  return asked;
}
