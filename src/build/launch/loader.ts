/** A module of the bundle as a function, as Node wraps CommonJS. */
export type ModuleFunction = (
  require: (id: string) => unknown,
  module: { exports: unknown },
  exports: unknown,
  filename: string,
  dirname: string,
) => void;

/**
 * Loads the modules of the bundle, each once, when they are first required; `find` gives the function of one.
 * Everything that does not begin with `./` is Node's own.
 */
export function createLoader(find: (name: string) => ModuleFunction): (name: string) => unknown {
  const loaded = new Map<string, { exports: unknown }>();
  const load = (name: string): unknown => {
    const known = loaded.get(name);
    if (known !== undefined) return known.exports;
    const module = { exports: {} };
    loaded.set(name, module);
    find(name)(requireFrom, module, module.exports, process.execPath, '/');
    return module.exports;
  };
  const requireFrom = (id: string): unknown => (id.startsWith('./') ? load(id.slice(2)) : require(id));
  return load;
}
