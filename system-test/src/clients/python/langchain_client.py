"""LangChain's ChatOpenAI. Arguments: the base URL of the OpenAI API, the address of the gRPC API, the model."""

import sys

from langchain_core.messages import AIMessage, HumanMessage, SystemMessage
from langchain_openai import ChatOpenAI

import matrix

MESSAGES = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}

# Constructor arguments of ChatOpenAI; whatever else a call has goes the way of vendors' own fields.
KNOWN = set(ChatOpenAI.model_fields)


def perform(call):
    parameters = {"model": sys.argv[3], **call["parameters"]}
    known = {name: value for name, value in parameters.items() if name in KNOWN}
    chat = ChatOpenAI(
        base_url=sys.argv[1],
        api_key="none",
        max_retries=call["retries"],
        timeout=call["timeout"],
        default_headers=call["headers"],
        include_response_headers=True,
        extra_body={name: value for name, value in parameters.items() if name not in KNOWN},
        **known,
    )
    messages = [MESSAGES[one["role"]](matrix.openai_content(one)) for one in call["messages"]]
    if call["operation"] == "chat":
        return whole(chat.generate([messages]).generations[0])
    return read(chat.stream(messages), call.get("pieces"))


def whole(generations):
    first = generations[0].message
    return {
        "choices": [
            {
                "text": one.message.content,
                "finish": one.generation_info["finish_reason"],
                "logprobs": logprobs(one.generation_info.get("logprobs")),
            }
            for one in generations
        ],
        "usage": usage(first),
        "request_id": first.response_metadata.get("headers", {}).get("x-request-id"),
    }


def read(stream, most):
    """Reads a stream to its end, or that many pieces of text of it."""
    pieces, answer = [], None
    for chunk in stream:
        answer = chunk if answer is None else answer + chunk
        if chunk.content:
            pieces.append(chunk.content)
        if most and len(pieces) == most:
            stream.close()
            return {"pieces": len(pieces)}
    finish = answer.response_metadata.get("finish_reason")
    return {"choices": [{"text": "".join(pieces), "finish": finish}], "pieces": len(pieces), "usage": usage(answer)}


def usage(message):
    if message.usage_metadata is None:
        return None
    return {
        "prompt_tokens": message.usage_metadata["input_tokens"],
        "completion_tokens": message.usage_metadata["output_tokens"],
    }


def logprobs(content):
    if content is None:
        return None
    return [
        {
            "token": token["token"],
            "logprob": token["logprob"],
            "top": [{"token": other["token"], "logprob": other["logprob"]} for other in token["top_logprobs"]],
        }
        for token in content["content"]
    ]


matrix.serve(perform, matrix.openai_error)
