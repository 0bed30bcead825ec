import type { ExecutableRecord, StageExecution, StreamRecord } from '../../core/records.ts';
import { displayPath } from '../../formats/stored-path.ts';
import { formatBytes, formatDuration } from '../duration.ts';
import { timeOf } from '../report-rows.ts';
import { shellWord } from '../shell-word.ts';
import { html, type Markup, type Part, short } from './markup.ts';
import { mono, table } from './parts.ts';
import { stopPieces, stopWords } from './stop-time.ts';
import { usageLine } from './usage.ts';

/** Characters of a command line, and paths of one list. */
const MAX_COMMAND = 600;
const MAX_PATHS = 20;

/** What is recorded of one invocation of a binary. */
export function attemptFacts(one: StageExecution): Markup {
  const command = [displayPath(one.command ?? ''), ...one.args.slice(0, 100)].map(shellWord).join(' ');
  const withheld = one.args_withheld.length === 0 ? null : html` (${one.args_withheld.length} masked)`;
  return table([
    ['command', html`<code>${short(command, MAX_COMMAND)}</code>${withheld}`],
    ['started', `${timeOf(one.started_at_unix_ms)}, took ${formatDuration(one.duration_ms)}`],
    ['ended', one.signal ?? (one.exit_code === null ? '' : `exit code ${one.exit_code}`)],
    ['binary', executable(one.binary)],
    ['script', executable(one.script)],
    ['environment', `${one.env_keys.length} variables, ${one.env_withheld} of the caller's withheld`],
    ['isolation', isolation(one)],
    ['processes', processes(one)],
    ['stopped', stopped(one)],
    ['usage', usageLine(one.usage)],
    ['stdout', stream(one.stdout)],
    ['stderr', stream(one.stderr)],
    ['missing', paths(one.missing_artifacts)],
    ['malformed', paths(one.malformed_artifacts)],
    ['stale', paths(one.stale_artifacts)],
    ['artifacts', paths(one.artifacts.map((artifact) => artifact.path))],
  ]);
}

function executable(record: ExecutableRecord | null): Part {
  return record === null
    ? null
    : html`${short(displayPath(record.path), 300)} ${mono(record.sha256.slice(0, 12))}`;
}

function isolation({ isolation: kept }: StageExecution): string {
  if (kept === null) return '';
  const why = kept.reason === null ? '' : ` (${kept.reason})`;
  return `${kept.tier}, network ${kept.network}${why}`;
}

function processes({ process_tree: tree }: StageExecution): string {
  if (tree === null) return '';
  return `${tree.killed} signalled, ${tree.survivors} survived, last ${tree.clean_sweeps} sweeps found none (${tree.method})`;
}

function stopped(one: StageExecution): string {
  const pieces = stopPieces(one);
  const [first] = pieces;
  return first === undefined ? '' : `${formatDuration(first.fromMs)} after it began: ${stopWords(pieces)}`;
}

function stream(record: StreamRecord | null): Part {
  if (record === null) return null;
  const cut = record.truncated ? `, cut to ${formatBytes(record.kept_bytes)}` : '';
  return html`<code>${short(record.log, 300)}</code> ${formatBytes(record.bytes)}${cut}`;
}

function paths(all: readonly string[]): Part {
  if (all.length === 0) return null;
  const rest = all.length > MAX_PATHS ? html` and ${all.length - MAX_PATHS} more` : null;
  return html`${all.slice(0, MAX_PATHS).map((one) => html`<code>${short(displayPath(one), 300)}</code> `)}${rest}`;
}
