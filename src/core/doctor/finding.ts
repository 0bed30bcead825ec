/** How much a finding matters: `problem` would fail or block a run, `warning` makes a promise weaker. */
export const SEVERITIES = ['problem', 'warning', 'ok'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** What `doctor` looks at, in the order in which it is told. */
export const CHECKS = [
  'out-dir',
  'ground',
  'git',
  'disk',
  'inodes',
  'hard-links',
  'file-lock',
  'file-times',
  'clock',
  'reaper',
  'processes',
  'sandbox',
  'executable',
  'agent',
  'key',
  'token',
  'telemetry',
  'policy',
  'stage-environment',
  'stage-start',
  'stage-write',
  'stage-end',
  'locale',
  'terminal',
  'ci',
] as const;
export type Check = (typeof CHECKS)[number];

/** One thing that was looked at. */
export interface Finding {
  readonly check: Check;
  /** Which one of several (`executor`, `GITHUB_TOKEN`, a path); null where there is only one. */
  readonly subject: string | null;
  readonly severity: Severity;
  /** What was seen, as it was. */
  readonly seen: string;
  /** What that means for a run. */
  readonly means: string;
  /** What to type or change; null where nothing needs it. */
  readonly fix: string | null;
}

/** A longer text than this is of no use to a reader, in UTF-16 units. */
const MAX_TEXT = 600;

/** What a finding says beside its severity. */
export type Said = Omit<Finding, 'severity' | 'subject' | 'fix'> & { readonly subject?: string | null };

/** Nothing to do. */
export function fine(said: Said): Finding {
  return finding('ok', said, null);
}

/** A run works, with less than what is promised. */
export function warning(said: Said & { readonly fix: string }): Finding {
  return finding('warning', said, said.fix);
}

/** A run would be refused, fail or block. */
export function problem(said: Said & { readonly fix: string }): Finding {
  return finding('problem', said, said.fix);
}

function finding(severity: Severity, said: Said, fix: string | null): Finding {
  return {
    check: said.check,
    subject: said.subject ?? null,
    severity,
    seen: bounded(said.seen),
    means: bounded(said.means),
    fix: fix === null ? null : bounded(fix),
  };
}

function bounded(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT - 1)}…`;
}

/** The worst first; among equals in the order of `CHECKS`, then as they were found. */
export function inOrder(findings: readonly Finding[]): readonly Finding[] {
  const rank = (one: Finding) => SEVERITIES.indexOf(one.severity) * CHECKS.length + CHECKS.indexOf(one.check);
  return findings.toSorted((one, other) => rank(one) - rank(other));
}

/** How many there are of each severity. */
export function countFindings(findings: readonly Finding[]): Readonly<Record<Severity, number>> {
  const count = (severity: Severity) => findings.filter((one) => one.severity === severity).length;
  return { problem: count('problem'), warning: count('warning'), ok: count('ok') };
}
