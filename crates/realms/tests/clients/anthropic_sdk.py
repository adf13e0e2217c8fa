"""Drives the anthropic SDK for Python. Prints what it got as one line of JSON."""

import json
import os

from anthropic import Anthropic

MODEL = os.environ["MODEL"]
TOOL_MODEL = os.environ["TOOL_MODEL"]
HELLO = [{"role": "user", "content": "Say hello."}]
TOOLS = [
    {
        "name": "weather",
        "input_schema": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    }
]

client = Anthropic(base_url=os.environ["BASE_URL"], api_key=os.environ["KEY"])


def text(message):
    return "".join(block.text for block in message.content if block.type == "text")


def stream():
    with client.messages.stream(model=MODEL, max_tokens=64, messages=HELLO) as events:
        deltas = list(events.text_stream)
        return deltas, events.get_final_message().usage


def tools():
    messages = [{"role": "user", "content": "Weather in Zürich?"}]
    with client.messages.stream(
        model=TOOL_MODEL, max_tokens=64, messages=messages, tools=TOOLS
    ) as events:
        first = events.get_final_message()
    call = next(block for block in first.content if block.type == "tool_use")
    assert first.stop_reason == "tool_use" and call.input == {"city": "Zürich"}, first
    result = {"type": "tool_result", "tool_use_id": call.id, "content": "rain"}
    messages += [
        {"role": "assistant", "content": [call.model_dump(include={"type", "id", "name", "input"})]},
        {"role": "user", "content": [result]},
    ]
    return text(
        client.messages.create(model=TOOL_MODEL, max_tokens=64, messages=messages, tools=TOOLS)
    )


plain = client.messages.create(model=MODEL, max_tokens=64, messages=HELLO)
deltas, stream_usage = stream()

print(
    json.dumps(
        {
            "plain": text(plain),
            "stream": "".join(deltas),
            "pieces": len(deltas),
            "tools": tools(),
            "cached": plain.usage.cache_read_input_tokens,
            "stream_cached": stream_usage.cache_read_input_tokens,
            "counted": client.messages.count_tokens(model=MODEL, messages=HELLO).input_tokens,
            "models": [model.id for model in client.models.list()],
        }
    )
)
