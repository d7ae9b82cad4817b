/**
 * Compiles `await using`, which Node 20 does not know. The compiler puts the helpers that this needs into the module;
 * the bundler would import them from another package.
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
