import t from 'tap';
import { collectSecrets, looksLikeSecret } from '../../src/process/secrets.ts';

const SECRET =
  'GITHUB_TOKEN GH_PAT AWS_SECRET_ACCESS_KEY AWS_ACCESS_KEY_ID API_KEY OPENAI_API_KEY DB_PASSWORD PGPASSWORD MYSQL_PWD npm_config__auth SLACK_WEBHOOK SENTRY_DSN JWT apiKey githubToken DOCKER_PASS SECRETS CLIENT_CREDENTIALS SESSION_COOKIE SSH_PASSPHRASE ACTIONS_RUNTIME_TOKEN OTEL_EXPORTER_OTLP_HEADERS OTEL_EXPORTER_OTLP_TRACES_HEADERS';
const PLAIN =
  'PATH HOME PWD OLDPWD SSH_AUTH_SOCK KEYBOARD TOKENIZERS_PARALLELISM LANG CI MONKEY TOKEN_FILE AUTHOR GIT_AUTHOR_NAME OTEL_EXPORTER_OTLP_ENDPOINT PASSENGER COMPASS PATTERN SSL_CERT_FILE';

t.test('names that hold secrets are recognised', async (t) => {
  for (const name of SECRET.split(' ')) t.equal(looksLikeSecret(name), true, name);
});

t.test('names that hold none are not', async (t) => {
  for (const name of PLAIN.split(' ')) t.equal(looksLikeSecret(name), false, name);
});

t.test('secrets come from the caller, the roles, --redact-env and passwords in URLs', async (t) => {
  const { secrets, tooShort } = collectSecrets({
    callerEnv: {
      MY_TOKEN: 'caller-token',
      PLAIN: 'plain-value',
      CHOSEN: 'chosen-value',
      DATABASE_URL: 'postgres://me:hunter2hunter2@db/x',
      SHORT_TOKEN: 'abc',
      EMPTY_TOKEN: '',
      UNSET: undefined,
    },
    roleEnvs: [{ ROLE_SECRET: 'role-secret' }, { CHOSEN: 'tiny' }],
    redact: (name) => name === 'CHOSEN',
  });
  t.strictSame(secrets.map((secret) => secret.value).sort(), [
    'caller-token',
    'chosen-value',
    'hunter2hunter2',
    'role-secret',
  ]);
  t.strictSame(tooShort, [
    { name: 'SHORT_TOKEN', explicit: false },
    { name: 'CHOSEN', explicit: true },
  ]);
});

t.test('of headers for a collector, the decoded values and their words are secrets too', async (t) => {
  const { secrets } = collectSecrets({
    callerEnv: {
      OTEL_EXPORTER_OTLP_HEADERS:
        'authorization=Basic%20dXNlcjpwYXNz,x-tenant=production,x-team=0123456789abcdef',
    },
    roleEnvs: [],
    redact: () => false,
  });
  t.strictSame(
    secrets.map((one) => one.value),
    [
      ...['Basic dXNlcjpwYXNz', '0123456789abcdef', 'dXNlcjpwYXNz'],
      'authorization=Basic%20dXNlcjpwYXNz,x-tenant=production,x-team=0123456789abcdef',
    ],
  );
});
