import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { CEDAR_MODULE } from '../system/cedar-module.ts';
import { inRoot } from './repository.ts';

/** The package that the module is from; relative to the checkout. */
export const CEDAR_PACKAGE = 'node_modules/@cedar-policy/cedar-wasm';

/** Puts Cedar's WebAssembly module into a folder, under the name by which the product looks for it. */
export function writeCedarModule(folder: string): void {
  copyFileSync(inRoot(CEDAR_PACKAGE, 'web/cedar_wasm_bg.wasm'), join(folder, CEDAR_MODULE));
}
