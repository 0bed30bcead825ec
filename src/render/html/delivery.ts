import type { DeliveryRecord } from '../../core/delivery/delivery-record.ts';
import type { RunReport } from '../../formats/report.ts';
import { timeOf } from '../report-rows.ts';
import { html, type Markup, type Part, short } from './markup.ts';
import { facts, mono } from './parts.ts';
import { badge, type Sign } from './tone.ts';

/** What was delivered, step by step, and where to; null where nothing is to be. */
export function delivery({ delivery: record }: RunReport): Part {
  if (record === null) return null;
  const steps = [commit(record), push(record), pullRequest(record)];
  const none = steps.every((one) => one === null) ? html`<p>Nothing was delivered yet.</p>` : null;
  return html`${facts([
    [
      'to',
      html`${short(record.remote, 200)} ${mono(record.remote_url === record.remote ? null : record.remote_url)}`,
    ],
    ['branch', mono(record.branch)],
  ])}${record.refused === null ? null : html`<p class="refused">${badge({ tone: 'warn', icon: 'bar', word: 'refused' })} ${record.refused}</p>`}${none}<ul class="list">${steps}</ul>
`;
}

function commit({ commit: one }: DeliveryRecord): Part {
  if (one === null) return null;
  return step('commit', one.state, [
    ['commit', mono(one.sha)],
    ['message', short(one.message, 300)],
    ['author', `${one.author_name} <${one.author_email}>`],
    ['parent', mono(one.parent_sha.slice(0, 12))],
    ['content tree', mono(one.tree_digest.slice(0, 12))],
  ]);
}

function push({ push: one }: DeliveryRecord): Part {
  if (one === null) return null;
  return step('push', one.state, [
    ['commit', mono(one.sha.slice(0, 12))],
    ['branch before', one.expected_sha === null ? 'was not there' : mono(one.expected_sha.slice(0, 12))],
    ['seen there', one.seen_at_unix_secs === null ? null : timeOf(one.seen_at_unix_secs * 1000)],
  ]);
}

function pullRequest({ pull_request: one }: DeliveryRecord): Part {
  if (one === null) return null;
  const number = one.number === null ? '' : ` ${one.on === 'gitlab' ? '!' : '#'}${one.number}`;
  return step('pull request', one.state, [
    [one.on, `${one.project}${number}`],
    ['title', short(one.title, 300)],
    ['address', mono(one.url)],
    ['from', html`${mono(one.head)} into ${mono(one.base)}`],
    ['for commit', mono(one.head_sha?.slice(0, 12) ?? null)],
  ]);
}

function step(what: string, state: 'intended' | 'done', rows: readonly (readonly [string, Part])[]): Markup {
  const sign: Sign =
    state === 'done'
      ? { tone: 'good', icon: 'ok', word: 'done' }
      : { tone: 'busy', icon: 'dot', word: 'intended' };
  return html`<li>${badge(sign)} <b>${what}</b>${facts(rows)}</li>\n`;
}
