import type { StageExecution } from '../../core/records.ts';
import { unreachable } from '../../core/unreachable.ts';
import type { RunReport } from '../../formats/report.ts';
import { formatDuration } from '../duration.ts';
import { type MarkedStage, markStages } from '../stage-line.ts';
import { html, Markup, type Part } from './markup.ts';
import type { Sign } from './tone.ts';
import { verdictWords } from './verdict-words.ts';

interface Node extends Sign {
  readonly name: string;
  /** `2 attempts, 1m05s`; empty where there is nothing to say. */
  readonly note: string;
}

const NODE = { width: 186, height: 76, gap: 30 } as const;

/**
 * The stages as a picture, each with how far it has come, and the end of the run behind them. Drawn twice, across and
 * downward: the style sheet shows the one that fits.
 */
export function pipelinePicture(report: RunReport, doubts: readonly string[]): Markup {
  const nodes = [...markStages(report).map((one) => nodeOf(one, report)), endNode(report, doubts)];
  const words = nodes.map((one) => `${one.name}: ${one.word}${one.note === '' ? '' : `, ${one.note}`}`);
  const title = `The pipeline. ${words.join('. ')}.`;
  return html`${drawing(nodes, title, 'across')}${drawing(nodes, title, 'down')}`;
}

function drawing(nodes: readonly Node[], title: string, way: 'across' | 'down'): Markup {
  const pitch = (way === 'across' ? NODE.width : NODE.height) + NODE.gap;
  const long = nodes.length * pitch - NODE.gap;
  const [width, height] = way === 'across' ? [long, NODE.height] : [NODE.width + 60, long];
  const at = (index: number) => (way === 'across' ? { x: index * pitch, y: 0 } : { x: 30, y: index * pitch });
  return html`<svg class="pipeline ${way}" viewBox="-2 -2 ${width + 4} ${height + 4}" role="img" aria-label="${title}">
${nodes.map(
  (node, index): Part => [
    index === 0 ? null : arrow(at(index), way, reached(nodes, index)),
    box(node, at(index)),
  ],
)}</svg>`;
}

/** Whether the run has gone this way; beyond a stage that was not reached everything is ahead. */
function reached(nodes: readonly Node[], index: number): boolean {
  return nodes[index - 1]?.tone !== 'quiet' && nodes[index]?.tone !== 'quiet';
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function box(node: Node, { x, y }: Point): Markup {
  return html`<g class="node ${node.tone}"><rect x="${x}" y="${y}" width="${NODE.width}" height="${NODE.height}" rx="9"/>
<use href="#i-${node.icon}" x="${x + 12}" y="${y + 11}" width="18" height="18"/>
<text class="name" x="${x + 36}" y="${y + 25}">${node.name}</text>
<text class="word" x="${x + 14}" y="${y + 46}">${node.word}</text>
<text class="note" x="${x + 14}" y="${y + 64}">${node.note}</text></g>
`;
}

function arrow({ x, y }: Point, way: 'across' | 'down', gone: boolean): Markup {
  const path =
    way === 'across'
      ? `M${x - NODE.gap + 4} ${y + NODE.height / 2}h${NODE.gap - 9}m-6 -5l6 5-6 5`
      : `M${x + NODE.width / 2} ${y - NODE.gap + 4}v${NODE.gap - 9}m-5 -6l5 6 5-6`;
  return Markup.own(`<path class="arrow${gone ? '' : ' ahead'}" d="${path}"/>\n`);
}

function nodeOf({ stage, mark }: MarkedStage, report: RunReport): Node {
  const ran = report.stage_executions.filter((one) => one.stage === stage);
  return { name: stage, ...signOfMark(mark, report), note: noteOf(ran) };
}

function signOfMark(mark: MarkedStage['mark'], report: RunReport): Sign {
  switch (mark) {
    case 'completed':
      return { tone: 'good', icon: 'ok', word: 'completed' };
    case 'empty':
      return { tone: 'good', icon: 'dash', word: 'nothing to run' };
    case 'blocked':
      return { tone: 'warn', icon: 'bar', word: 'stopped here' };
    case 'broken':
      return brokenSign(report);
    case 'at':
      return { tone: 'busy', icon: 'dot', word: 'under way' };
    case 'ahead':
      return { tone: 'quiet', icon: 'dash', word: 'not reached' };
    default:
      return unreachable(mark);
  }
}

function brokenSign(report: RunReport): Sign {
  if (report.terminal_state === 'timeout') return { tone: 'bad', icon: 'clock', word: 'timed out here' };
  if (report.failure?.reason === 'interrupted')
    return { tone: 'warn', icon: 'bar', word: 'interrupted here' };
  return { tone: 'bad', icon: 'cross', word: 'failed here' };
}

/** What a stage took in all; a stage of gates has no attempts of its own. */
function noteOf(executions: readonly StageExecution[]): string {
  const started = executions.filter((one) => one.command !== null);
  if (started.length === 0) return '';
  const attempts = new Set(started.map((one) => one.attempt)).size;
  const took = started.reduce((sum, one) => sum + one.duration_ms, 0);
  return `${attempts === 1 ? '1 attempt' : `${attempts} attempts`}, ${formatDuration(took)}`;
}

function endNode(report: RunReport, doubts: readonly string[]): Node {
  const { tone, icon } = verdictWords(report, doubts);
  const stopped = report.blocked_reason_codes.length;
  const note = report.terminal_state === 'blocked' ? `${stopped} reason code${stopped === 1 ? '' : 's'}` : '';
  const word =
    report.terminal_state ?? (report.failure?.reason === 'interrupted' ? 'interrupted' : 'not finished');
  return { name: 'end', tone, icon, word: doubts.length > 0 ? 'in doubt' : word, note };
}
