// grpc-js on the public gRPC API. Arguments: the base URL of the OpenAI API, the address of the gRPC API, the model.

import { readFileSync } from 'node:fs';
import grpc from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { serve } from './matrix.mjs';

const [, , , address, served] = process.argv;
const definition = loadSync('llava/v1/llava.proto', {
  includeDirs: [process.env.LLAVA_PROTO],
  keepCase: true,
  enums: String,
  defaults: true,
  oneofs: true,
});
const { Llava } = grpc.loadPackageDefinition(definition).llava.v1;
const stub = new Llava(address, grpc.credentials.createInsecure());

const SAMPLING = ['temperature', 'seed', 'presence_penalty', 'frequency_penalty', 'logit_bias'];
const FINISHES = { REASON_STOP: 'stop', REASON_LENGTH: 'length' };

function perform(call) {
  return call.operation === 'models' ? models() : chat(call);
}

function models() {
  return new Promise((resolve, reject) => {
    stub.ListModels({}, (error, answer) => {
      if (error) {
        reject(error);
      } else {
        resolve({ models: answer.models.map((model) => model.name) });
      }
    });
  });
}

function request(call) {
  // Usage comes with every answer.
  const { model = served, logprobs, stream_options, ...rest } = call.parameters;
  const sampling = {};
  for (const name of SAMPLING.filter((one) => one in rest)) {
    sampling[name] = rest[name];
    delete rest[name];
  }
  return { model, conversation: { messages: call.messages.map(message) }, sampling, ...rest };
}

function message({ role, text, images }) {
  const parts = images.map((image) => ({ image: { data: readFileSync(image) } }));
  return { role: `ROLE_${role.toUpperCase()}`, parts: [...parts, { text }] };
}

/** Reads all events, or that many pieces of text. */
function chat(call) {
  return new Promise((resolve, reject) => {
    const metadata = new grpc.Metadata();
    Object.entries(call.headers).forEach(([name, value]) => metadata.set(name, value));
    const events = stub.Chat(request(call), metadata, { deadline: Date.now() + call.timeout * 1000 });
    const result = { choices: [], pieces: 0 };
    events.on('metadata', (headers) => (result.request_id = headers.get('x-request-id')[0]));
    events.on('data', (event) => {
      take(event, result);
      if (call.pieces && result.pieces === call.pieces) {
        resolve({ pieces: result.pieces });
        events.cancel();
      }
    });
    events.on('end', () => resolve(result));
    events.on('error', reject);
  });
}

function take(event, result) {
  if (event.event === 'delta') {
    const { choice, text, logprobs } = event.delta;
    result.choices[choice] ??= { text: '', logprobs: [], finish: null };
    result.choices[choice].text += text;
    result.choices[choice].logprobs.push(...logprobs.map(({ chosen, top }) => ({ logprob: chosen.logprob, top })));
    result.pieces += text ? 1 : 0;
  } else if (event.event === 'choice_finished') {
    result.choices[event.choice_finished.choice].finish = FINISHES[event.choice_finished.reason];
  } else if (event.event === 'finished') {
    result.choices[0].finish = FINISHES[event.finished.reason];
    result.usage = event.finished.usage;
  }
}

function describe(error) {
  return {
    type: grpc.status[error.code],
    message: error.details,
    request_id: error.metadata?.get('x-request-id')[0],
    retry_after: error.metadata?.get('grpc-retry-pushback-ms')[0],
  };
}

await serve(perform, describe);
