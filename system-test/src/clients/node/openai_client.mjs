// openai-node. Arguments: the base URL of the OpenAI API, the address of the gRPC API, the model.

import OpenAI from 'openai';
import { imageUrl, serve } from './matrix.mjs';

const [, , baseURL, , model] = process.argv;
const client = new OpenAI({ baseURL, apiKey: 'none' });

async function perform(call) {
  const options = { maxRetries: call.retries, timeout: call.timeout * 1000, headers: call.headers };
  if (call.operation === 'models') {
    const models = [];
    for await (const one of client.models.list(options)) {
      models.push(one.id);
    }
    return { models };
  }
  const body = { model, messages: call.messages.map(message), ...call.parameters };
  if (call.operation === 'chat') {
    return whole(await client.chat.completions.create(body, options));
  }
  return read(await client.chat.completions.create({ ...body, stream: true }, options), call.pieces);
}

function message({ role, text, images }) {
  const parts = images.map((image) => ({ type: 'image_url', image_url: { url: imageUrl(image) } }));
  return { role, content: parts.length ? [...parts, { type: 'text', text }] : text };
}

function whole(completion) {
  return {
    choices: completion.choices.map((choice) => ({
      text: choice.message.content,
      finish: choice.finish_reason,
      logprobs: choice.logprobs?.content.map((token) => ({ ...token, top: token.top_logprobs })),
    })),
    usage: completion.usage,
    request_id: completion._request_id,
  };
}

/** Reads a stream to its end, or that many pieces of text of it. */
async function read(stream, most) {
  let [text, pieces, finish, usage] = ['', 0, null, null];
  for await (const chunk of stream) {
    usage = chunk.usage;
    for (const choice of chunk.choices) {
      finish = choice.finish_reason ?? finish;
      text += choice.delta.content ?? '';
      pieces += choice.delta.content ? 1 : 0;
    }
    if (most && pieces === most) {
      return { pieces };
    }
  }
  return { choices: [{ text, finish }], pieces, usage };
}

function describe(error) {
  return {
    type: error.constructor.name,
    status: error.status,
    code: error.code,
    param: error.param,
    message: error.message,
    request_id: error.requestID,
    retry_after: error.headers?.get('retry-after'),
  };
}

await serve(perform, describe);
