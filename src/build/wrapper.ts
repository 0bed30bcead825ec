/**
 * The text that is compiled in the executable: the bundle as a function, as Node wraps CommonJS. The code
 * cache belongs to exactly this text.
 */
export function wrapAsFunction(bundleCode: string): string {
  return `(function (require, module, exports, __filename, __dirname) {${bundleCode}\n})`;
}
