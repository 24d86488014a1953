// Vercel's AI SDK. Arguments: the base URL of the OpenAI API, the address of the gRPC API, the model.

import { readFileSync } from 'node:fs';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, streamText } from 'ai';
import { imageUrl, isUrl, mediaType, serve } from './matrix.mjs';

const [, , baseURL, , served] = process.argv;
const provider = createOpenAICompatible({ name: 'llava', baseURL, includeUsage: true });

/** The AI SDK's names of settings; others go as the provider's own options. */
const SETTINGS = {
  max_tokens: 'maxOutputTokens',
  temperature: 'temperature',
  top_p: 'topP',
  seed: 'seed',
  stop: 'stopSequences',
  presence_penalty: 'presencePenalty',
  frequency_penalty: 'frequencyPenalty',
};

async function perform(call) {
  const { model, stream_options, ...parameters } = call.parameters;
  const request = {
    model: provider(model ?? served),
    messages: call.messages.map(message),
    headers: call.headers,
    maxRetries: call.retries,
    allowSystemInMessages: true,
    providerOptions: { llava: {} },
  };
  for (const [name, value] of Object.entries(parameters)) {
    if (name in SETTINGS) {
      request[SETTINGS[name]] = value;
    } else {
      request.providerOptions.llava[name] = value;
    }
  }
  const abort = new AbortController();
  request.abortSignal = AbortSignal.any([abort.signal, AbortSignal.timeout(call.timeout * 1000)]);
  if (call.operation === 'chat') {
    return whole(await generateText(request));
  }
  return read(request, call.pieces, abort);
}

function message({ role, text, images }) {
  if (role !== 'user') {
    return { role, content: text };
  }
  const parts = images.map((image) =>
    isUrl(image)
      ? { type: 'image', image: imageUrl(image) }
      : { type: 'image', image: readFileSync(image), mediaType: mediaType(image) },
  );
  return { role, content: [...parts, { type: 'text', text }] };
}

function whole(result) {
  return {
    choices: [{ text: result.text, finish: result.finishReason }],
    usage: usage(result.usage),
    request_id: result.response.headers['x-request-id'],
  };
}

/** Reads a stream to its end, or that many pieces of text of it. */
async function read(request, most, abort) {
  let failure;
  const result = streamText({
    ...request,
    onError: ({ error }) => {
      failure = error;
    },
  });
  let [text, pieces] = ['', 0];
  for await (const piece of result.textStream) {
    text += piece;
    pieces += piece ? 1 : 0;
    if (most && pieces === most) {
      abort.abort();
      return { pieces };
    }
  }
  if (failure) {
    throw failure;
  }
  return { choices: [{ text, finish: await result.finishReason }], pieces, usage: usage(await result.usage) };
}

function usage({ inputTokens, outputTokens }) {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens };
}

function describe(thrown) {
  const error = thrown.lastError ?? thrown;
  const body = error.data?.error ?? {};
  return {
    type: error.name,
    status: error.statusCode,
    code: body.code,
    param: body.param,
    message: error.message,
    request_id: error.responseHeaders?.['x-request-id'],
    retry_after: error.responseHeaders?.['retry-after'],
  };
}

await serve(perform, describe);
