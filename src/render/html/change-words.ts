import type { StageExecution } from '../../core/records.ts';
import { displayPath } from '../../formats/stored-path.ts';
import { formatDuration } from '../duration.ts';
import type { Span } from './time-scale.ts';

const MAX_WORDS = 400;

/**
 * One change that a resume has recorded, as a sentence: `timeout: 1800000 is now 600000` is `timeout was 30m00s, is now
 * 10m00s`. What it does not know is left as it is recorded.
 */
export function changeInWords(change: string): string {
  const setting = /^([^:]{1,80}): (.{1,4000}) is now (.{1,4000})$/s.exec(change);
  if (setting !== null) {
    const [, name = '', before = '', after = ''] = setting;
    return `${name} was ${valueInWords(name, before)}, is now ${valueInWords(name, after)}`.slice(
      0,
      MAX_WORDS,
    );
  }
  const owned = /^([^:]{1,80}): ([a-z ]{1,60})$/.exec(change);
  if (owned === null) return change.slice(0, MAX_WORDS);
  const [, owner = '', what = ''] = owned;
  if (what === 'added' || what === 'removed') return `${owner} was ${what}`;
  return `${owner}: other ${what} than before`;
}

const DURATIONS = /\b(timeout|grace|age|ms)\b/;

/** A value as it was recorded, in JSON. */
function valueInWords(name: string, json: string): string {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return json;
  }
  if (value === null) return 'not set';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number') return DURATIONS.test(name) ? formatDuration(value) : String(value);
  if (typeof value === 'string') return value === '' ? 'empty' : value;
  if (!Array.isArray(value) || value.some((one) => typeof one === 'object' && one !== null)) return json;
  return value.length === 0 ? 'none' : value.join(', ');
}

/**
 * What the records of an invocation show beside that: binaries and scripts with other content than in the attempts
 * before it, another version of this program, another host.
 */
export function seenChanges(spans: readonly Span[], index: number): readonly string[] {
  const now = spans[index];
  const before = spans[index - 1];
  if (now === undefined || before === undefined) return [];
  const earlier = executables(spans.slice(0, index).flatMap((span) => span.executions));
  const swapped = [...executables(now.executions)].flatMap(([path, sha256]) => {
    const old = earlier.get(path);
    return old === undefined || old === sha256
      ? []
      : [
          `${displayPath(path)} has other content: SHA-256 ${old.slice(0, 12)} then, ${sha256.slice(0, 12)} now`,
        ];
  });
  const { invocation: one } = now;
  const { invocation: other } = before;
  return [
    ...swapped,
    ...(one.version === other.version ? [] : [`orchestrator was ${other.version}, is now ${one.version}`]),
    ...(one.host.hostname === other.host.hostname
      ? []
      : [`the host was ${other.host.hostname}, is now ${one.host.hostname}`]),
    ...(one.host.out_dir === other.host.out_dir
      ? []
      : [`out_dir was at ${other.host.out_dir}, is now at ${one.host.out_dir}`]),
  ];
}

/** The last content that each executable had. */
function executables(executions: readonly StageExecution[]): ReadonlyMap<string, string> {
  return new Map(
    executions.flatMap(({ binary, script }) =>
      [binary, script].flatMap((one) => (one === null ? [] : [[one.path, one.sha256] as const])),
    ),
  );
}
