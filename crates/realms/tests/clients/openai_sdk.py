"""Drives the openai SDK for Python. Prints what it got as one line of JSON."""

import json
import os

from openai import OpenAI

MODEL = os.environ["MODEL"]
TOOL_MODEL = os.environ["TOOL_MODEL"]
PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string"}},
    "required": ["city"],
    "additionalProperties": False,
}

client = OpenAI(base_url=os.environ["BASE_URL"] + "/v1", api_key=os.environ["KEY"])


def responses_stream():
    with client.responses.stream(model=MODEL, input="Say hello.") as stream:
        deltas = [event.delta for event in stream if event.type == "response.output_text.delta"]
        return deltas, stream.get_final_response().usage


def responses_tools():
    tools = [{"type": "function", "name": "weather", "parameters": PARAMETERS, "strict": True}]
    asked = [{"role": "user", "content": "Weather in Zürich?"}]
    first = client.responses.create(model=TOOL_MODEL, input=asked, tools=tools)
    call = next(item for item in first.output if item.type == "function_call")
    assert json.loads(call.arguments) == {"city": "Zürich"}, call
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "rain"}
    last = client.responses.create(model=TOOL_MODEL, input=[*asked, call, result], tools=tools)
    return last.output_text


def chat_plain():
    messages = [{"role": "user", "content": "Say hello."}]
    return client.chat.completions.create(model=MODEL, messages=messages)


def chat_stream():
    stream = client.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "Say hello."}],
        stream=True,
        stream_options={"include_usage": True},
    )
    deltas, usage = [], None
    for chunk in stream:
        usage = chunk.usage or usage
        deltas += [choice.delta.content for choice in chunk.choices if choice.delta.content]
    return deltas, usage


def chat_tools():
    tools = [{"type": "function", "function": {"name": "weather", "parameters": PARAMETERS}}]
    messages = [{"role": "user", "content": "Weather in Zürich?"}]
    with client.chat.completions.stream(
        model=TOOL_MODEL, messages=messages, tools=tools
    ) as stream:
        message = stream.get_final_completion().choices[0].message
    call = message.tool_calls[0]
    assert json.loads(call.function.arguments) == {"city": "Zürich"}, call
    messages += [
        {
            "role": "assistant",
            "tool_calls": [call.model_dump(exclude={"function": {"parsed_arguments"}})],
        },
        {"role": "tool", "tool_call_id": call.id, "content": "rain"},
    ]
    last = client.chat.completions.create(model=TOOL_MODEL, messages=messages, tools=tools)
    return last.choices[0].message.content


plain = client.responses.create(model=MODEL, input="Say hello.")
deltas, stream_usage = responses_stream()
chat = chat_plain()
chat_deltas, chat_usage = chat_stream()
embedding = client.embeddings.create(model=MODEL, input="hello").data[0].embedding

print(
    json.dumps(
        {
            "plain": plain.output_text,
            "stream": "".join(deltas),
            "pieces": len(deltas),
            "tools": responses_tools(),
            "cached": plain.usage.input_tokens_details.cached_tokens,
            "stream_cached": stream_usage.input_tokens_details.cached_tokens,
            "chat_plain": chat.choices[0].message.content,
            "chat_stream": "".join(chat_deltas),
            "chat_tools": chat_tools(),
            "chat_cached": chat.usage.prompt_tokens_details.cached_tokens,
            "chat_stream_cached": chat_usage.prompt_tokens_details.cached_tokens,
            "embedding": embedding,
            "models": [model.id for model in client.models.list()],
        }
    )
)
