/**
 * OpenAI's own libraries.
 * Measured 2026-11-20 with openai 3.52.0 (PyPI) and 7.55.0 (npm). Go (v3; Go 1.25 from v3.45) and Java (4) are
 * written from their published examples and were not compiled.
 * https://github.com/openai/openai-python, openai-node, openai-go, openai-java
 */

import { json } from "./quote";
import type { Template } from "./recipe";
import { programRecipe } from "./sdk";
import { dialectOf, greeting, keyVariable, type Target } from "./target";

const dialects = ["responses", "chat"] as const;

/** Whether the first model is called through Responses. */
const responds = (target: Target) => dialectOf(target.models[0], dialects) === "responses";

function python(target: Target): string {
  const model = json(target.models[0].name);
  const loop = responds(target)
    ? `    stream = client.responses.create(model=${model}, input=${json(greeting)}, stream=True)
    for event in stream:
        if event.type == "response.output_text.delta":
            print(event.delta, end="", flush=True)
`
    : `    stream = client.chat.completions.create(
        model=${model},
        messages=[{"role": "user", "content": ${json(greeting)}}],
        stream=True,
    )
    for chunk in stream:
        if chunk.choices and chunk.choices[0].delta.content:
            print(chunk.choices[0].delta.content, end="", flush=True)
`;
  return `import os

from openai import APIStatusError, OpenAI

client = OpenAI(base_url=${json(`${target.origin}/v1`)}, api_key=os.environ["${keyVariable}"])

try:
${loop}    print()
except APIStatusError as error:
    print(error.status_code, error.message, error.request_id)
`;
}

function typescript(target: Target): string {
  const model = json(target.models[0].name);
  const loop = responds(target)
    ? `  const stream = await client.responses.create({ model: ${model}, input: ${json(greeting)}, stream: true });
  for await (const event of stream) {
    if (event.type === "response.output_text.delta") process.stdout.write(event.delta);
  }
`
    : `  const stream = await client.chat.completions.create({
    model: ${model},
    messages: [{ role: "user", content: ${json(greeting)} }],
    stream: true,
  });
  for await (const chunk of stream) process.stdout.write(chunk.choices[0]?.delta.content ?? "");
`;
  return `import OpenAI, { APIError } from "openai";

const client = new OpenAI({ baseURL: ${json(`${target.origin}/v1`)}, apiKey: process.env.${keyVariable} });

try {
${loop}  console.log();
} catch (error) {
  if (!(error instanceof APIError)) throw error;
  console.error(error.status, error.message, error.requestID);
}
`;
}

function go(target: Target): string {
  const model = json(target.models[0].name);
  const isResponses = responds(target);
  const imports = isResponses
    ? `	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"
	"github.com/openai/openai-go/v3/responses"`
    : `	"github.com/openai/openai-go/v3"
	"github.com/openai/openai-go/v3/option"`;
  const loop = isResponses
    ? `	stream := client.Responses.NewStreaming(context.Background(), responses.ResponseNewParams{
		Model: ${model},
		Input: responses.ResponseNewParamsInputUnion{OfString: openai.String(${json(greeting)})},
	})
	for stream.Next() {
		if event := stream.Current(); event.Type == "response.output_text.delta" {
			fmt.Print(event.Delta)
		}
	}`
    : `	stream := client.Chat.Completions.NewStreaming(context.Background(), openai.ChatCompletionNewParams{
		Model:    ${model},
		Messages: []openai.ChatCompletionMessageParamUnion{openai.UserMessage(${json(greeting)})},
	})
	for stream.Next() {
		if chunk := stream.Current(); len(chunk.Choices) > 0 {
			fmt.Print(chunk.Choices[0].Delta.Content)
		}
	}`;
  return `package main

import (
	"context"
	"fmt"
	"os"

${imports}
)

func main() {
	client := openai.NewClient(
		option.WithBaseURL(${json(`${target.origin}/v1`)}),
		option.WithAPIKey(os.Getenv("${keyVariable}")),
	)
${loop}
	fmt.Println()
	if err := stream.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
`;
}

function java(target: Target): string {
  const model = json(target.models[0].name);
  const isResponses = responds(target);
  const imports = isResponses
    ? "import com.openai.models.responses.ResponseCreateParams;"
    : "import com.openai.models.chat.completions.ChatCompletionCreateParams;";
  const call = isResponses
    ? `        ResponseCreateParams params =
                ResponseCreateParams.builder().model(${model}).input(${json(greeting)}).build();
        try (var stream = client.responses().createStreaming(params)) {
            stream.stream()
                    .flatMap(event -> event.outputTextDelta().stream())
                    .forEach(event -> System.out.print(event.delta()));
        }`
    : `        ChatCompletionCreateParams params =
                ChatCompletionCreateParams.builder().model(${model}).addUserMessage(${json(greeting)}).build();
        try (var stream = client.chat().completions().createStreaming(params)) {
            stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .flatMap(choice -> choice.delta().content().stream())
                    .forEach(System.out::print);
        }`;
  return `import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
${imports}

public final class Hello {
    public static void main(String[] args) {
        OpenAIClient client = OpenAIOkHttpClient.builder()
                .baseUrl(${json(`${target.origin}/v1`)})
                .apiKey(System.getenv("${keyVariable}"))
                .build();
${call}
        System.out.println();
    }
}
`;
}

const shared = { family: "sdks", dialects, usesShell: true } as const;

export const openaiPython: Template = {
  ...shared,
  id: "openai_python",
  evidence: "measured",
  name: "OpenAI Python",
  build: (target) =>
    programRecipe(target, {
      install: "pip install openai",
      file: "hello.py",
      language: "python",
      text: python(target),
      run: "python hello.py",
    }),
};

export const openaiTypescript: Template = {
  ...shared,
  id: "openai_typescript",
  evidence: "measured",
  name: "OpenAI TypeScript",
  build: (target) =>
    programRecipe(target, {
      install: "npm install openai",
      file: "hello.mjs",
      language: "typescript",
      text: typescript(target),
      run: "node hello.mjs",
    }),
};

export const openaiGo: Template = {
  ...shared,
  id: "openai_go",
  evidence: "reported",
  name: "OpenAI Go",
  build: (target) =>
    programRecipe(target, {
      install: "go get github.com/openai/openai-go/v3",
      file: "main.go",
      language: "go",
      text: go(target),
      run: "go run .",
    }),
};

export const openaiJava: Template = {
  ...shared,
  id: "openai_java",
  evidence: "reported",
  name: "OpenAI Java",
  build: (target) => {
    const recipe = programRecipe(target, {
      install: 'implementation("com.openai:openai-java:4.+")',
      file: "Hello.java",
      language: "java",
      text: java(target),
      run: "./gradlew run",
    });
    const blocks = recipe.blocks.map((block) =>
      block.id === "install"
        ? {
            ...block,
            title: "dependency" as const,
            path: "build.gradle.kts",
            language: "text" as const,
          }
        : block,
    );
    return { ...recipe, blocks };
  },
};
