/**
 * A model on loopback for real agents: answers in OpenAI's protocol, streamed (`/v1/responses` and
 * `/v1/chat/completions`). What it says is made up; how it says it is what the agents' own clients read.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What the model does: its work and then a last word; nothing but refuse; fail; never come to an end. */
export type Mood = 'success' | 'refusal' | 'error' | 'endless';

export interface ModelServer {
  readonly url: string;
  /** How many answers were asked for so far. */
  readonly asked: () => number;
  readonly close: () => Promise<void>;
}

/** Each answer says that it has used this much. */
export const INPUT_TOKENS = 100;
export const OUTPUT_TOKENS = 20;

interface Question {
  readonly tools: readonly string[];
  readonly answered: boolean;
}

/** Starts a server on a free port of loopback; `command` is what the model has the agent run. */
export async function startModelServer(mood: Mood, command: string): Promise<ModelServer> {
  let asked = 0;
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      asked += 1;
      if (mood === 'error') refuse(response);
      else if (request.url?.endsWith('/responses'))
        answer(response, responsesEvents(mood, command, body, asked));
      else if (request.url?.endsWith('/chat/completions'))
        answer(response, chatEvents(mood, command, body, asked));
      else json(response, 200, { object: 'list', data: [] });
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${portOf(server)}/v1`, asked: () => asked, close: () => close(server) };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return address.port;
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}

async function bodyOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const text = Buffer.concat(parts).toString();
  // Boundary: what the agents send is an object, and is looked at field by field.
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function refuse(response: ServerResponse): void {
  const error = { message: 'the model is not there', type: 'invalid_request_error', code: 'model_not_found' };
  json(response, 400, { error });
}

function answer(response: ServerResponse, events: readonly (readonly [string | null, unknown])[]): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const [name, data] of events) {
    const text = typeof data === 'string' ? data : JSON.stringify(data);
    response.write(`${name === null ? '' : `event: ${name}\n`}data: ${text}\n\n`);
  }
  response.end();
}

function list(value: unknown): readonly Record<string, unknown>[] {
  return Array.isArray(value) ? value : [];
}

/** Whether the model uses a tool: once for its work, for ever where it never ends. */
function usesTool(mood: Mood, question: Question): boolean {
  return question.tools.length > 0 && (mood === 'endless' || (mood === 'success' && !question.answered));
}

function responsesEvents(mood: Mood, command: string, body: Record<string, unknown>, count: number) {
  const tools = list(body.tools).map((one) => String(one.name ?? one.type));
  const answered = list(body.input).some((one) => one.type === 'function_call_output');
  const id = `resp_${count}`;
  const call = {
    ...{ type: 'function_call', id: `fc_${count}`, call_id: `call_${count}`, name: 'exec_command' },
    arguments: JSON.stringify({ cmd: command }),
  };
  const content = [{ type: 'output_text', text: 'Done.', annotations: [] }];
  const word = { type: 'message', id: `msg_${count}`, role: 'assistant', status: 'completed', content };
  const item = usesTool(mood, { tools, answered }) ? call : word;
  const usage = {
    ...{ input_tokens: INPUT_TOKENS, input_tokens_details: { cached_tokens: 10 } },
    ...{ output_tokens: OUTPUT_TOKENS, output_tokens_details: { reasoning_tokens: 5 } },
    total_tokens: INPUT_TOKENS + OUTPUT_TOKENS,
  };
  const event = (type: string, more: object) => [type, { type, ...more }] as const;
  const created = event('response.created', { response: { id, object: 'response', status: 'in_progress' } });
  if (mood === 'refusal') {
    const incomplete_details = { reason: 'content_filter' };
    return [
      created,
      event('response.incomplete', { response: { id, status: 'incomplete', incomplete_details, usage } }),
    ];
  }
  return [
    created,
    event('response.output_item.added', { output_index: 0, item }),
    event('response.output_item.done', { output_index: 0, item }),
    event('response.completed', {
      response: { id, object: 'response', status: 'completed', output: [item], usage },
    }),
  ];
}

function chatEvents(mood: Mood, command: string, body: Record<string, unknown>, count: number) {
  const tools = list(body.tools).map(String);
  const answered = list(body.messages).some((one) => one.role === 'tool');
  const uses = usesTool(mood, { tools, answered });
  const call = {
    ...{ index: 0, id: `call_${count}`, type: 'function' },
    function: { name: 'bash', arguments: JSON.stringify({ command, description: 'do the work' }) },
  };
  const delta = uses ? { role: 'assistant', tool_calls: [call] } : { role: 'assistant', content: 'Done.' };
  const finish = uses ? 'tool_calls' : mood === 'refusal' ? 'content_filter' : 'stop';
  const chunk = { id: `chat_${count}`, object: 'chat.completion.chunk', created: 1, model: 'small' };
  const usage = {
    ...{ prompt_tokens: INPUT_TOKENS, completion_tokens: OUTPUT_TOKENS },
    total_tokens: INPUT_TOKENS + OUTPUT_TOKENS,
  };
  return [
    [null, { ...chunk, choices: [{ index: 0, delta, finish_reason: null }] }],
    [null, { ...chunk, choices: [{ index: 0, delta: {}, finish_reason: finish }], usage }],
    [null, '[DONE]'],
  ] as const;
}
