import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { getRawAsset, isSea } from 'node:sea';

/** The name of the module among the assets of the executable, and beside the script of the npm package. */
export const CEDAR_MODULE = 'cedar.wasm';

/**
 * The bytes of Cedar's module: of the executable an asset, of the npm package a file beside `script`, from source the
 * package's own. `script` is the program as it was started; nothing is looked for in a working directory. Throws where
 * there is none.
 */
export function readCedarModule(script: string): Uint8Array<ArrayBuffer> {
  if (isSea()) return new Uint8Array(getRawAsset(CEDAR_MODULE));
  const program = realpathSync(script);
  const beside = join(dirname(program), CEDAR_MODULE);
  return new Uint8Array(readFileSync(existsSync(beside) ? beside : inPackage(program)));
}

/** The glue for Node lies beside the module, which is the same in all forms of the package. */
function inPackage(program: string): string {
  const glue = createRequire(program).resolve('@cedar-policy/cedar-wasm/nodejs');
  return join(dirname(glue), 'cedar_wasm_bg.wasm');
}
