"""What the Python clients of the matrix share: calls come in as JSON lines on stdin, results go out so on stdout."""

import base64
import json
import mimetypes
import sys


def serve(perform, describe):
    """Answers each call with the result of perform(call), or with describe(error) where it raises one."""
    results, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        try:
            result = perform(json.loads(line))
        except Exception as error:
            result = {"error": describe(error)}
        print(json.dumps(result), file=results, flush=True)


def image_url(image):
    """A path as a data URL; a URL stays what it is."""
    if image.startswith("https:"):
        return image
    with open(image, "rb") as file:
        data = base64.b64encode(file.read()).decode("ascii")
    return f"data:{mimetypes.guess_type(image)[0]};base64,{data}"


def openai_messages(call):
    """The call's messages as the OpenAI API has them: a plain string where there is no image."""
    return [{"role": message["role"], "content": openai_content(message)} for message in call["messages"]]


def openai_content(message):
    if not message.get("images"):
        return message["text"]
    images = [{"type": "image_url", "image_url": {"url": image_url(image)}} for image in message["images"]]
    return [*images, {"type": "text", "text": message["text"]}]


def openai_error(error):
    """An error of the openai package, which other packages pass on as it is."""
    response = getattr(error, "response", None)
    return {
        "type": type(error).__name__,
        "status": getattr(error, "status_code", None),
        "code": getattr(error, "code", None),
        "param": getattr(error, "param", None),
        "message": str(error),
        "request_id": getattr(error, "request_id", None),
        "retry_after": response.headers.get("retry-after") if response is not None else None,
    }
