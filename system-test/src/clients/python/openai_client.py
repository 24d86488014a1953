"""openai-python. Arguments: the base URL of the OpenAI API, the address of the gRPC API, the model."""

import inspect
import sys

import openai

import matrix

client = openai.OpenAI(base_url=sys.argv[1], api_key="none")
MODEL = sys.argv[3]
KNOWN = set(inspect.signature(client.chat.completions.create).parameters)


def perform(call):
    tuned = client.with_options(max_retries=call["retries"], timeout=call["timeout"])
    if call["operation"] == "models":
        return {"models": [model.id for model in tuned.models.list()]}
    parameters = {"model": MODEL, "messages": matrix.openai_messages(call), "extra_headers": call["headers"]}
    for name, value in call["parameters"].items():
        if name in KNOWN:
            parameters[name] = value
        else:
            parameters.setdefault("extra_body", {})[name] = value
    if call["operation"] == "chat":
        return whole(tuned.chat.completions.create(**parameters))
    with tuned.chat.completions.create(stream=True, **parameters) as stream:
        return read(stream, call.get("pieces"))


def whole(completion):
    return {
        "choices": [
            {"text": choice.message.content, "finish": choice.finish_reason, "logprobs": logprobs(choice)}
            for choice in completion.choices
        ],
        "usage": usage(completion),
        "request_id": completion._request_id,
    }


def read(stream, most):
    """Reads a stream to its end, or that many pieces of text of it."""
    pieces, finish, last = [], None, None
    for chunk in stream:
        last = chunk
        for choice in chunk.choices:
            finish = choice.finish_reason or finish
            if choice.delta.content:
                pieces.append(choice.delta.content)
        if most and len(pieces) == most:
            return {"pieces": len(pieces)}
    return {"choices": [{"text": "".join(pieces), "finish": finish}], "pieces": len(pieces), "usage": usage(last)}


def usage(answer):
    if answer.usage is None:
        return None
    return {"prompt_tokens": answer.usage.prompt_tokens, "completion_tokens": answer.usage.completion_tokens}


def logprobs(choice):
    if choice.logprobs is None:
        return None
    return [
        {
            "token": token.token,
            "logprob": token.logprob,
            "top": [{"token": other.token, "logprob": other.logprob} for other in token.top_logprobs],
        }
        for token in choice.logprobs.content
    ]


matrix.serve(perform, matrix.openai_error)
