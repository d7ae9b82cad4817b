/** Silences the SDK's warning about old versions of Node, which users of the command cannot act on. */
export function silenceSdkWarning(): void {
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
}
