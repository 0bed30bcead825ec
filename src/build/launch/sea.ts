/**
 * The main script of the executable: compiles the bundle, which lies beside it as an asset, with the code
 * cache of a run that has already happened at build time, and starts it. A cache that V8 does not accept is
 * only slower.
 */
import { getAsset, getRawAsset } from 'node:sea';
import { Script } from 'node:vm';

const codeCache = new Uint8Array(getRawAsset('code-cache'));
const script = new Script(getAsset('product', 'latin1'), {
  filename: '/orchestrator.js',
  ...(codeCache.length > 0 ? { cachedData: codeCache } : {}),
});
script.runInThisContext()(require, module, exports, process.execPath, '/');
