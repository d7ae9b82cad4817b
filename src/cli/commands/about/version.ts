import { createRequire } from 'node:module';
import type { SuiteReport } from '../../../index.js';
import { engines } from '../../../index.js';
import { printText } from '../../io/output/print-text.js';
import { printableJson } from '../../terminal/printable.js';
import type { Command } from '../command.js';

/** `sealpipe version`. */
export const versionCommand: Command = async ({ options }) => {
  const version = packageVersion();
  const report = engines();
  const { node, openssl = '' } = process.versions;
  if (options.has('json')) {
    return printText(
      `${printableJson({ version, node, openssl, platform: process.platform, suites: report })}\n`,
    );
  }
  const head = `sealpipe ${version} on Node ${node}, OpenSSL ${openssl}\n`;
  await printText(head + report.map((suite) => `${suiteLine(suite)}\n`).join(''));
};

function suiteLine({ suite, engine, unavailable }: SuiteReport): string {
  const reasons = Object.entries(unavailable).map(([name, why]) => `; ${name}: ${why}`);
  return `  ${suite.padEnd(18)}${engine ?? 'no engine'}${reasons.join('')}`;
}

function packageVersion(): string {
  return createRequire(import.meta.url)('sealpipe/package.json').version;
}
