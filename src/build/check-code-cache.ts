/** Ends with 1 when V8 rejects the code cache for the product's text: `check-code-cache.ts <product> <cache>`. */
import { readFileSync } from 'node:fs';
import { Script } from 'node:vm';

const [productFile = '', cacheFile = ''] = process.argv.slice(2);
const script = new Script(readFileSync(productFile, 'latin1'), {
  filename: '/orchestrator.js',
  cachedData: readFileSync(cacheFile),
});
if (script.cachedDataRejected !== false) {
  process.stderr.write('V8 rejects the code cache that it has just made\n');
  process.exitCode = 1;
}
