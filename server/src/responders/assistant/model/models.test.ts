import { describe, expect, test } from 'vitest';
import { ModelFailed } from './model-failed.ts';
import { createModels, type ModelSettings } from './models.ts';

const none: ModelSettings = { openaiApiKey: null, anthropicApiKey: null, llmBaseUrl: null, llmModel: null };
const openai = { openaiApiKey: 'sk-o' };
const anthropic = { anthropicApiKey: 'sk-a' };
const local = { llmBaseUrl: 'http://127.0.0.1:11434/v1' };

describe('the default model', () => {
  test.each([
    [{}, 'demo'],
    [{ openaiApiKey: '', anthropicApiKey: '', llmBaseUrl: '', llmModel: ' ' }, 'demo'],
    [{ llmModel: 'demo', ...openai, ...local }, 'demo'],
    [anthropic, 'anthropic/claude-haiku-5-5'],
    [openai, 'openai/gpt-6-luna'],
    [{ ...anthropic, ...openai }, 'anthropic/claude-haiku-5-5'],
    [{ ...openai, llmModel: 'gpt-5.4-mini' }, 'openai/gpt-5.4-mini'],
    [{ ...openai, llmModel: 'openai/gpt-5.4-mini' }, 'openai/gpt-5.4-mini'],
    [{ ...anthropic, llmModel: 'claude-opus-5' }, 'anthropic/claude-opus-5'],
    [{ ...anthropic, ...openai, llmModel: 'claude-opus-5' }, 'anthropic/claude-opus-5'],
    [{ ...anthropic, ...openai, llmModel: 'gpt-5.4' }, 'openai/gpt-5.4'],
    [{ ...local, llmModel: 'llama-4' }, 'compatible/llama-4'],
    [{ ...local, llmModel: 'compatible/llama-4' }, 'compatible/llama-4'],
    [{ ...local, ...openai, llmModel: 'openai/gpt-oss-20b' }, 'compatible/openai/gpt-oss-20b'],
  ])('%j: %s', (settings, name) => {
    const models = createModels({ ...none, ...settings });
    expect(models.defaultModel).toBe(name);
    expect(models.available[0]).toBe(name);
    for (const offered of models.available)
      expect(models.find(offered).modelId).toBe(offered.replace(/^(openai|anthropic|compatible)\//, ''));
  });

  test.each([
    [{ llmModel: 'gpt-5.4' }, 'The model "openai/gpt-5.4" needs OPENAI_API_KEY, which is not set.'],
    [
      { ...openai, llmModel: 'claude-opus-5' },
      'The model "anthropic/claude-opus-5" needs ANTHROPIC_API_KEY, which is not set.',
    ],
    [
      { llmModel: 'compatible/llama-4' },
      'The model "compatible/llama-4" needs LLM_BASE_URL, which is not set.',
    ],
    [local, 'LLM_BASE_URL is set but LLM_MODEL is not: name the model that it serves.'],
    [{ llmBaseUrl: 'localhost:11434', llmModel: 'llama-4' }, 'LLM_BASE_URL is not an http or https address.'],
    [{ llmBaseUrl: 'nonsense', llmModel: 'llama-4' }, 'LLM_BASE_URL is not an http or https address.'],
  ])('%j is refused', (settings, sentence) =>
    expect(() => createModels({ ...none, ...settings })).toThrow(
      new ModelFailed(sentence, { retryable: false }),
    ),
  );
});

test.each([
  ['gpt-5', 'There is no model "gpt-5": write openai/..., anthropic/..., compatible/... or demo.'],
  [
    'mistral/large',
    'There is no model "mistral/large": write openai/..., anthropic/..., compatible/... or demo.',
  ],
  ['openai/', 'There is no model "openai/": write openai/..., anthropic/..., compatible/... or demo.'],
  ['', 'There is no model "": write openai/..., anthropic/..., compatible/... or demo.'],
  [
    'anthropic/claude-opus-5',
    'The model "anthropic/claude-opus-5" needs ANTHROPIC_API_KEY, which is not set.',
  ],
])('no model %j', (name, sentence) =>
  expect(() => createModels({ ...none, ...openai }).find(name)).toThrow(
    new ModelFailed(sentence, { retryable: false }),
  ),
);

test('any id of a configured provider is a model', () => {
  const { find } = createModels({ ...none, ...openai, ...anthropic });
  expect(find('openai/gpt-9').modelId).toBe('gpt-9');
  expect(find('anthropic/claude-9').modelId).toBe('claude-9');
});
