"""grpcio on the public gRPC API. Arguments: the base URL of the OpenAI API, the address of the gRPC API, the model."""

import os
import sys

import grpc
from google.rpc import error_details_pb2, status_pb2

import matrix

sys.path.append(os.environ["LLAVA_PROTO"])
messages_pb2, services_pb2 = grpc.protos_and_services("llava/v1/llava.proto")
stub = services_pb2.LlavaStub(grpc.insecure_channel(sys.argv[2]))

ROLES = {"system": "ROLE_SYSTEM", "user": "ROLE_USER", "assistant": "ROLE_ASSISTANT"}
FINISHES = {"REASON_STOP": "stop", "REASON_LENGTH": "length"}
SAMPLING = {"temperature", "seed", "presence_penalty", "frequency_penalty", "logit_bias"}


def perform(call):
    if call["operation"] == "models":
        return {"models": [model.name for model in stub.ListModels(messages_pb2.ListModelsRequest()).models]}
    metadata = tuple(call["headers"].items())
    events = stub.Chat(request(call), timeout=call["timeout"], metadata=metadata)
    return read(events, call.get("pieces"))


def request(call):
    fields = dict(call["parameters"])
    sampling = {name: fields.pop(name) for name in SAMPLING & fields.keys()}
    if "logit_bias" in sampling:
        sampling["logit_bias"] = {int(token): bias for token, bias in sampling["logit_bias"].items()}
    # Usage comes with every answer.
    fields.pop("stream_options", None)
    if fields.pop("logprobs", False):
        fields.setdefault("top_logprobs", 0)
    conversation = messages_pb2.Conversation(messages=[message(one) for one in call["messages"]])
    return messages_pb2.ChatRequest(
        **{"model": sys.argv[3], **fields}, conversation=conversation, sampling=messages_pb2.Sampling(**sampling)
    )


def message(one):
    parts = [messages_pb2.Part(image=messages_pb2.Image(data=content(image))) for image in one.get("images", [])]
    return messages_pb2.Message(role=ROLES[one["role"]], parts=[*parts, messages_pb2.Part(text=one["text"])])


def content(image):
    with open(image, "rb") as file:
        return file.read()


def read(events, most):
    """Reads all events, or that many pieces of text."""
    pieces, choices, finished = 0, {}, None
    for event in events:
        kind = event.WhichOneof("event")
        if kind == "delta":
            choice = choices.setdefault(event.delta.choice, {"text": "", "finish": None, "logprobs": []})
            choice["text"] += event.delta.text
            choice["logprobs"] += [logprobs(token) for token in event.delta.logprobs]
            pieces += bool(event.delta.text)
        elif kind == "choice_finished":
            choices[event.choice_finished.choice]["finish"] = finish(event.choice_finished)
        elif kind == "finished":
            finished = event.finished
            choices[0]["finish"] = finish(finished)
        if most and pieces == most:
            events.cancel()
            return {"pieces": pieces}
    return {
        "choices": [choices[index] for index in sorted(choices)],
        "pieces": pieces,
        "usage": {
            "prompt_tokens": finished.usage.prompt_tokens,
            "completion_tokens": finished.usage.completion_tokens,
        },
        "request_id": dict(events.initial_metadata()).get("x-request-id"),
    }


def finish(end):
    return FINISHES[messages_pb2.Finished.Reason.Name(end.reason)]


def logprobs(token):
    return {
        "token": token.chosen.text,
        "logprob": token.chosen.logprob,
        "top": [{"token": other.text, "logprob": other.logprob} for other in token.top],
    }


def describe(error):
    if not isinstance(error, grpc.RpcError):
        raise error
    return {
        "type": error.code().name,
        "message": error.details(),
        "param": field(error),
        "request_id": dict(error.trailing_metadata() or ()).get("x-request-id"),
        "retry_after": dict(error.trailing_metadata() or ()).get("grpc-retry-pushback-ms"),
    }


def field(error):
    """The field at fault, from google.rpc.BadRequest among the error's details."""
    status = status_pb2.Status()
    status.ParseFromString(dict(error.trailing_metadata() or ()).get("grpc-status-details-bin", b""))
    violation = error_details_pb2.BadRequest()
    for detail in status.details:
        if detail.Unpack(violation):
            return violation.field_violations[0].field
    return None


matrix.serve(perform, describe)
