import type { GateName } from './gate.ts';
import { parseGateSource } from './parse-source.ts';

/** What becomes of the paths in a source: a binary that may be a name on PATH, and a path that is one. */
export interface PathChange {
  readonly bin: (bin: string) => string;
  readonly path: (path: string) => string;
}

/**
 * A source with its path put elsewhere. A folder of policies without a digest stays as it is: it is a folder of the
 * base commit, wherever the checkout lies. What cannot be read stays as it is, for the check that names it.
 */
export function withPath(gate: GateName, text: string, change: PathChange): string {
  const source = parseGateSource(gate, text);
  if (!source.ok) return text;
  switch (source.value.kind) {
    case 'command':
      return `command:${change.bin(source.value.bin)}`;
    case 'file':
      return `file:${change.path(source.value.path)}`;
    case 'cedar':
    case 'opa':
    case 'conftest': {
      const { kind, dir, digest } = source.value;
      return digest === null ? text : `${kind}:${change.path(dir)}@sha256:${digest}`;
    }
    default:
      return text;
  }
}
