/**
 * `await using`, which Node 20 does not know, in its words. The compiler brings what that needs along in the module; the
 * bundler would import it from a package of its own.
 *
 * @type {import('rolldown').Plugin}
 */
export const disposal = {
  name: 'disposal',
  transform: {
    filter: { id: /\.ts$/, code: /\busing \w+ =/ },
    async handler(code, fileName) {
      const { default: ts } = await import('typescript');
      const compilerOptions = {
        target: ts.ScriptTarget.ES2022,
        module: ts.ModuleKind.ESNext,
        verbatimModuleSyntax: true,
        sourceMap: true,
      };
      const { outputText, sourceMapText } = ts.transpileModule(code, { fileName, compilerOptions });
      return { code: outputText, map: sourceMapText ?? null, moduleType: 'js' };
    },
  },
};
