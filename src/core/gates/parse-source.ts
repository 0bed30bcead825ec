import { fail, ok, type Result } from '../result.ts';
import type { GateName } from './gate.ts';
import type { GateSource } from './gate-plan.ts';

/** The forms of a source, for a message. */
export const SOURCE_FORMS: Readonly<Record<GateName, string>> = {
  policy: 'operator, command:BIN, file:PATH, cedar:DIR, opa:DIR or conftest:DIR',
  ci: 'operator, command:BIN, file:PATH, github:OWNER/REPO#PR or gitlab:PROJECT!MR',
  review: 'operator, command:BIN, file:PATH, github:OWNER/REPO#PR or gitlab:PROJECT!MR',
};

const NUMBER = '[1-9][0-9]{0,17}';
const GITHUB = new RegExp(`^([A-Za-z0-9][A-Za-z0-9-]{0,99})/([A-Za-z0-9._-]{1,100})(?:#(${NUMBER}))?$`);
const GITLAB = new RegExp(`^([A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*)(?:!(${NUMBER}))?$`);
const PINNED = /^(.+)@sha256:([0-9a-f]{64})$/;

/** Reads a source as it was typed; fails with the forms that the gate can take. Paths stay as they are. */
export function parseGateSource(gate: GateName, text: string): Result<GateSource, string> {
  if (text === 'operator') return ok({ kind: 'operator', text });
  const colon = text.indexOf(':');
  const kind = text.slice(0, Math.max(colon, 0));
  const rest = text.slice(colon + 1);
  const source = rest === '' ? null : sourceOf(gate, kind, rest, text);
  return source === null ? fail(SOURCE_FORMS[gate]) : ok(source);
}

function sourceOf(gate: GateName, kind: string, rest: string, text: string): GateSource | null {
  if (kind === 'command') return { kind, text, bin: rest };
  if (kind === 'file') return { kind, text, path: rest };
  if (gate === 'policy') return engineOf(kind, rest, text);
  return forgeOf(kind, rest, text);
}

function engineOf(kind: string, rest: string, text: string): GateSource | null {
  if (kind !== 'cedar' && kind !== 'opa' && kind !== 'conftest') return null;
  const pinned = PINNED.exec(rest);
  const [, dir, digest] = pinned ?? [];
  if (dir !== undefined && digest !== undefined) return { kind, text, dir, digest };
  return rest.includes('@sha256:') ? null : { kind, text, dir: rest, digest: null };
}

function forgeOf(kind: string, rest: string, text: string): GateSource | null {
  if (kind === 'github') {
    const [, owner, repo, number] = GITHUB.exec(rest) ?? [];
    if (owner === undefined || repo === undefined || isDots(repo)) return null;
    return { kind, text, owner, repo, number: numberOf(number) };
  }
  if (kind !== 'gitlab') return null;
  const [, project, number] = GITLAB.exec(rest) ?? [];
  if (project === undefined || project.split('/').some(isDots)) return null;
  return { kind, text, project, number: numberOf(number) };
}

/** A name that a URL would take for a folder above. */
function isDots(name: string): boolean {
  return name === '.' || name === '..';
}

function numberOf(digits: string | undefined): number | null {
  return digits === undefined ? null : Number(digits);
}
