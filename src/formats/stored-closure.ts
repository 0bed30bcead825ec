import type { ClosureSettings } from '../core/config/closure-settings.ts';
import type { GateName } from '../core/gates/gate.ts';
import { withPath } from '../core/gates/source-path.ts';
import { loadBinary, loadPath, type StoredRoots, storeBinary, storePath } from './stored-path.ts';

/** The settings as evidence stores them: paths can move with it, and what looks like a secret is masked. */
export function storeClosure(
  closure: ClosureSettings,
  roots: StoredRoots,
  mask: (text: string) => string,
): ClosureSettings {
  const placed = place(
    closure,
    (bin) => storeBinary(bin, roots),
    (path) => storePath(path, roots),
  );
  return maskTexts(placed, mask);
}

/** Reads them back for these roots. */
export function loadClosure(stored: ClosureSettings, roots: StoredRoots): ClosureSettings {
  return place(
    stored,
    (bin) => loadBinary(bin, roots),
    (path) => loadPath(path, roots),
  );
}

type Place = (path: string) => string;

function place(closure: ClosureSettings, bin: Place, path: Place): ClosureSettings {
  const sources = (gate: GateName, texts: readonly string[]) =>
    texts.map((text) => withPath(gate, text, { bin, path }));
  return {
    ...closure,
    policy_from: sources('policy', closure.policy_from),
    ci_from: sources('ci', closure.ci_from),
    review_from: sources('review', closure.review_from),
    approver_keys: closure.approver_keys.map(path),
    opa_bin: bin(closure.opa_bin),
    conftest_bin: bin(closure.conftest_bin),
  };
}

function maskTexts(closure: ClosureSettings, mask: (text: string) => string): ClosureSettings {
  const text = (value: string | null) => (value === null ? null : mask(value));
  return {
    ...closure,
    delivery_remote: mask(closure.delivery_remote),
    delivery_commit_message: text(closure.delivery_commit_message),
    delivery_pr_title: text(closure.delivery_pr_title),
    delivery_pr_body: text(closure.delivery_pr_body),
    github_url: mask(closure.github_url),
    gitlab_url: mask(closure.gitlab_url),
  };
}
