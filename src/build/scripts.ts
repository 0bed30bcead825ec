import { type Bundle, ENTRY } from './bundle.ts';

/** What the executable's main script knows about its assets. */
export interface ScriptIndex {
  readonly entry: string;
  readonly scriptOf: Readonly<Record<string, string>>;
  /** Whether there is a `<script>.cache` for every script: only where the executable is built on its own platform. */
  readonly hasCodeCache: boolean;
}

/** A text that is compiled as one: an object of module functions by name. */
export interface ProductScript {
  readonly name: string;
  readonly text: string;
  readonly modules: readonly string[];
  /** Whether it is known what needs it, so that compiling all of it beforehand is worth the space. */
  readonly isHot: boolean;
}

/** For each use of the product, the modules that it loads. */
export type LoadedByUse = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Packs modules into scripts: those that the same uses need go together, named after them (`help+run`), because
 * one large script starts faster than ten small ones, and unneeded code costs as well. A module that no use
 * needs is a script of its own.
 */
export function packScripts({ modules }: Bundle, loadedByUse: LoadedByUse): readonly ProductScript[] {
  const packed = new Map<string, string[]>();
  for (const name of modules.keys()) {
    const users = [...loadedByUse].filter(([, loaded]) => loaded.has(name)).map(([use]) => use);
    const script = users.length > 0 ? users.join('+') : name;
    packed.set(script, [...(packed.get(script) ?? []), name]);
  }
  return [...packed].map(([name, members]) => ({
    name,
    modules: members,
    isHot: !modules.has(name),
    text: `({${members.map((member) => `${JSON.stringify(member)}: ${wrap(modules.get(member) ?? '')}`).join(',\n')}})`,
  }));
}

/** A module's text as an expression: the function of type `ModuleFunction`, as Node wraps CommonJS. */
export function wrap(text: string): string {
  return `(function (require, module, exports, __filename, __dirname) {${text}\n})`;
}

/** Where each module is to be found. */
export function indexOf(scripts: readonly ProductScript[], hasCodeCache: boolean): ScriptIndex {
  const entries = scripts.flatMap(({ name, modules }) => modules.map((module) => [module, name] as const));
  return { entry: ENTRY, scriptOf: Object.fromEntries(entries), hasCodeCache };
}
