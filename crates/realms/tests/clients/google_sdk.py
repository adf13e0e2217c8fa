"""Drives the google-genai SDK for Python. Prints what it got as one line of JSON."""

import json
import os

from google import genai
from google.genai import types

MODEL = os.environ["MODEL"]
TOOL_MODEL = os.environ["TOOL_MODEL"]
WEATHER = types.FunctionDeclaration(
    name="weather",
    parameters_json_schema={"type": "object", "properties": {"city": {"type": "string"}}},
)

client = genai.Client(
    api_key=os.environ["KEY"], http_options=types.HttpOptions(base_url=os.environ["BASE_URL"])
)
models = client.models


def stream():
    chunks = list(models.generate_content_stream(model=MODEL, contents="Say hello."))
    return [chunk.text for chunk in chunks if chunk.text], chunks[-1].usage_metadata


def tools():
    config = types.GenerateContentConfig(tools=[types.Tool(function_declarations=[WEATHER])])
    contents = [types.Content(role="user", parts=[types.Part(text="Weather in Zürich?")])]
    first = models.generate_content(model=TOOL_MODEL, contents=contents, config=config)
    call = first.function_calls[0]
    assert call.args == {"city": "Zürich"}, first
    result = types.Part.from_function_response(name=call.name, response={"result": "rain"})
    contents += [first.candidates[0].content, types.Content(role="user", parts=[result])]
    return models.generate_content(model=TOOL_MODEL, contents=contents, config=config).text


plain = models.generate_content(model=MODEL, contents="Say hello.")
deltas, stream_usage = stream()

print(
    json.dumps(
        {
            "plain": plain.text,
            "stream": "".join(deltas),
            "pieces": len(deltas),
            "tools": tools(),
            "cached": plain.usage_metadata.cached_content_token_count,
            "stream_cached": stream_usage.cached_content_token_count,
            "counted": models.count_tokens(model=MODEL, contents="Say hello.").total_tokens,
            "models": [model.name for model in models.list()],
        }
    )
)
