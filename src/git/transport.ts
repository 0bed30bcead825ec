/**
 * What git is started with where it has to reach a remote. Credentials are the operator's: helpers and ssh come from the
 * operator's own global configuration and environment, never from the repository, whose configuration no call of ours
 * reads. Nothing can ask a question: there is no terminal.
 */

/** Arguments before the subcommand, and variables that win over the hardened ones. */
export interface Transport {
  readonly args: readonly string[];
  readonly variables: Readonly<Record<string, string>>;
}

const ARGS: readonly string[] = [
  ...['-c', 'core.hooksPath=/dev/null', '-c', 'core.fsmonitor=false', '-c', 'core.pager=cat'],
  ...['-c', 'push.gpgSign=false', '-c', 'push.followTags=false', '-c', 'push.recurseSubmodules=no'],
  ...['-c', 'submodule.recurse=false', '-c', 'push.negotiate=false', '-c', 'credential.interactive=false'],
  ...['-c', 'safe.bareRepository=explicit', '-c', 'http.followRedirects=initial'],
  ...['--no-pager', '--no-optional-locks', '--no-replace-objects', '--literal-pathspecs'],
];

/** Of the caller's environment, beside PATH and HOME: how it reaches networks and proves who it is. */
const PASSED = [
  ...['SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'GIT_SSH_COMMAND', 'GIT_SSH', 'GIT_SSH_VARIANT', 'GIT_ASKPASS'],
  ...['SSH_ASKPASS', 'XDG_CONFIG_HOME', 'XDG_RUNTIME_DIR', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM'],
  ...['GIT_CONFIG_NOSYSTEM', 'GIT_CONFIG_COUNT', 'GIT_SSL_CAINFO', 'GIT_SSL_CAPATH', 'SSL_CERT_FILE'],
  ...['SSL_CERT_DIR', 'http_proxy', 'https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'no_proxy'],
  'NO_PROXY',
];

const CONFIG_PAIR = /^GIT_CONFIG_(?:KEY|VALUE)_\d+$/;

/** Protocols that a remote may have; `ext::` and its like would run what the address says. */
const PROTOCOLS = 'file:https:ssh';

/** The transport that the caller's environment allows. */
export function transportOf(env: Readonly<Record<string, string | undefined>>): Transport {
  const names = [...PASSED, ...Object.keys(env).filter((name) => CONFIG_PAIR.test(name))];
  const passed = names.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    args: ARGS,
    variables: {
      ...globalPlaces(env),
      ...Object.fromEntries(passed),
      GIT_ALLOW_PROTOCOL: PROTOCOLS,
      GIT_PROTOCOL_FROM_USER: '1',
      GIT_TERMINAL_PROMPT: '0',
    },
  };
}

/** The hardened variables close these places; git has no word for "the default", so they are named. */
function globalPlaces(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const home = env.HOME ?? '';
  return {
    GIT_CONFIG_NOSYSTEM: '0',
    GIT_CONFIG_SYSTEM: '/etc/gitconfig',
    ...(home === '' ? {} : { GIT_CONFIG_GLOBAL: `${home}/.gitconfig` }),
  };
}
