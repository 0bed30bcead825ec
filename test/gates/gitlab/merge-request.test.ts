import t, { type Test } from 'tap';
import {
  findMergeRequests,
  openMergeRequest,
  updateMergeRequest,
} from '../../../src/gates/gitlab/merge-request.ts';
import type { GitlabPorts } from '../../../src/gates/gitlab/ports.ts';
import { forgeOf } from '../../forge/asking.ts';
import { COMMITS } from '../../forge/scenario.ts';
import type { Forge } from '../../forge/server.ts';

const BRANCHES = { project: 'acme/shop', head: 'work', base: 'release' };
const TEXT = { title: 'A change', body: 'What it does.', draft: false };

async function forgeWithPorts(
  t: Test,
  given: Readonly<Record<string, unknown>> = {},
): Promise<{ readonly forge: Forge; readonly ports: GitlabPorts }> {
  const verdict = { forge: 'gitlab', gate: 'ci', status: 'success', passed: true, codes: [] };
  const forge = await forgeOf(t, { verdict, ...given });
  const clock = { now: () => 0, monotonic: () => 0 };
  const signal = new AbortController().signal;
  return { forge, ports: { fetch, clock, token: 'forge-token', baseUrl: forge.gitlab, signal } };
}

t.test('a merge request is opened once: it is found afterwards', async (t) => {
  const { ports } = await forgeWithPorts(t);
  t.strictSame(await findMergeRequests(BRANCHES, ports), { ok: true, value: [] });
  const opened = await openMergeRequest(BRANCHES, TEXT, ports);
  t.match(opened, { ok: true, value: { number: 8, headSha: COMMITS.head } });
  if (opened.ok) t.strictSame(await findMergeRequests(BRANCHES, ports), { ok: true, value: [opened.value] });
});

t.test('a second one of the same branches is not opened: the first is given back', async (t) => {
  const { ports, forge } = await forgeWithPorts(t);
  const first = await openMergeRequest(BRANCHES, TEXT, ports);
  t.strictSame(await openMergeRequest(BRANCHES, TEXT, ports), first);
  t.equal(forge.world.opened.length, 1);
});

t.test('a merge request whose opening was answered with an error is found by looking it up', async (t) => {
  const faults = [{ route: 'open-merge-request', kind: 'status', status: 502, calls: [1] }];
  const { ports, forge } = await forgeWithPorts(t, { faults });
  t.match(await openMergeRequest(BRANCHES, TEXT, ports), { ok: false, failure: { status: 502 } });
  t.match(await findMergeRequests(BRANCHES, ports), { ok: true, value: [{ number: 8 }] });
  t.equal(forge.world.opened.length, 1);
});

t.test('a merge request from a fork is not ours, of whatever name its branch is', async (t) => {
  const mergeRequest = { branch: 'work', base: 'release', extra: { source_project_id: 99 } };
  const { ports } = await forgeWithPorts(t, { gitlab: { mergeRequest } });
  t.strictSame(await findMergeRequests(BRANCHES, ports), { ok: true, value: [] });
});

t.test('a draft is marked in the title, once', async (t) => {
  const { ports, forge } = await forgeWithPorts(t);
  await openMergeRequest(BRANCHES, { ...TEXT, draft: true }, ports);
  t.equal(forge.world.opened[0]?.title, 'Draft: A change');
  const place = { project: 'acme/shop', number: 8 };
  await updateMergeRequest(place, { ...TEXT, title: 'Draft: Other', draft: true }, ports);
  t.equal(forge.world.opened[0]?.title, 'Draft: Other');
});

t.test('title and text of one that is there are changed', async (t) => {
  const { ports, forge } = await forgeWithPorts(t);
  await openMergeRequest(BRANCHES, TEXT, ports);
  const changed = await updateMergeRequest(
    { project: 'acme/shop', number: 8 },
    { title: 'New', body: 'Newer.', draft: false },
    ports,
  );
  t.match(changed, { ok: true, value: { number: 8 } });
  t.match(forge.world.opened[0], { title: 'New', body: 'Newer.' });
});

t.test('what cannot be written is said with what the token lacks', async (t) => {
  const { ports } = await forgeWithPorts(t, { token: { denied: { 'open-merge-request': 403 } } });
  t.match(await openMergeRequest(BRANCHES, TEXT, ports), { ok: false, failure: { remedy: /scope/ } });
});

t.test('an answer about other branches is not believed', async (t) => {
  const { ports } = await forgeWithPorts(t, { gitlab: { mergeRequest: { extra: { target_branch: 'x' } } } });
  const found = await findMergeRequests({ ...BRANCHES, base: 'main' }, ports);
  t.match(found, { ok: false, failure: { message: /other branches/ } });
});
