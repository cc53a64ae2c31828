import { createAnthropic } from '@ai-sdk/anthropic';
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { type LanguageModelMiddleware, wrapLanguageModel } from 'ai';
import type { Model } from './answer.ts';
import { createDemoModel } from './demo-model.ts';
import { ModelFailed } from './model-failed.ts';

export type ModelSettings = {
  openaiApiKey: string | null;
  anthropicApiKey: string | null;
  llmBaseUrl: string | null;
  llmModel: string | null;
};

export type Models = {
  /** The model of an assistant that names none. */
  defaultModel: string;
  /** The model of a name such as `openai/gpt-6-luna`. Throws a ModelFailed (never retryable) for an unknown or unconfigured one. */
  find(model: string): Model;
  /** Names worth offering, the default first. Any other id of a configured provider works too. */
  available: string[];
};

// The small, cheap ones of September 2026; both take the effort asked for below.
const smallOpenai = 'gpt-6-luna';
const smallAnthropic = 'claude-haiku-5-5';

const refuse = (sentence: string): never => {
  throw new ModelFailed(sentence, { retryable: false });
};

/** A text answer needs little thought, and texts are nothing for OpenAI to keep. */
const frugal = (effort: 'low' | undefined): LanguageModelMiddleware => ({
  specificationVersion: 'v4',
  transformParams: async ({ params }) => ({
    ...params,
    ...(effort && { reasoning: effort }),
    providerOptions: {
      ...params.providerOptions,
      openai: { store: false, ...params.providerOptions?.openai },
    },
  }),
});

const chooseDefault = (settings: ModelSettings): string => {
  const { llmModel, llmBaseUrl, openaiApiKey, anthropicApiKey } = settings;
  if (llmModel === 'demo') return 'demo';
  if (llmBaseUrl) {
    if (!llmModel) return refuse('LLM_BASE_URL is set but LLM_MODEL is not: name the model that it serves.');
    // Ids of such servers often have a slash of their own (openai/gpt-oss-20b), so only our prefix is one.
    return llmModel.startsWith('compatible/') ? llmModel : `compatible/${llmModel}`;
  }
  if (llmModel && /^(openai|anthropic|compatible)\//.test(llmModel)) return llmModel;
  if (llmModel) {
    const anthropic = llmModel.startsWith('claude') || (anthropicApiKey && !openaiApiKey);
    return `${anthropic ? 'anthropic' : 'openai'}/${llmModel}`;
  }
  if (anthropicApiKey) return `anthropic/${smallAnthropic}`;
  if (openaiApiKey) return `openai/${smallOpenai}`;
  return 'demo';
};

/**
 * The models the settings allow. Nothing is called here, and the AI SDK is kept from reading the environment by itself.
 * @param bases other addresses for the two providers, for tests and proxies.
 * @throws ModelFailed with a sentence naming the setting, when LLM_MODEL and the keys don't fit together.
 */
export const createModels = (
  given: ModelSettings,
  bases: { openaiBaseUrl?: string; anthropicBaseUrl?: string } = {},
): Models => {
  const settings: ModelSettings = {
    openaiApiKey: given.openaiApiKey || null,
    anthropicApiKey: given.anthropicApiKey || null,
    llmBaseUrl: given.llmBaseUrl || null,
    llmModel: given.llmModel?.trim() || null,
  };
  const { openaiApiKey, anthropicApiKey, llmBaseUrl } = settings;
  if (llmBaseUrl && !/^https?:$/.test(URL.parse(llmBaseUrl)?.protocol ?? ''))
    refuse('LLM_BASE_URL is not an http or https address.');

  const openai =
    openaiApiKey &&
    createOpenAI({ apiKey: openaiApiKey, baseURL: bases.openaiBaseUrl ?? 'https://api.openai.com/v1' });
  const anthropic =
    anthropicApiKey &&
    createAnthropic({
      apiKey: anthropicApiKey,
      baseURL: bases.anthropicBaseUrl ?? 'https://api.anthropic.com/v1',
    });
  const compatible =
    llmBaseUrl &&
    createOpenAICompatible({
      name: 'compatible',
      baseURL: llmBaseUrl,
      ...(openaiApiKey && { apiKey: openaiApiKey }),
    });
  const demo = createDemoModel();

  const find = (name: string): Model => {
    if (name === 'demo') return demo;
    const slash = name.indexOf('/');
    const id = name.slice(slash + 1);
    const effort = id === smallOpenai || id === smallAnthropic ? 'low' : undefined;
    const shown = JSON.stringify(name.slice(0, 100));
    if (slash > 0 && id) {
      switch (name.slice(0, slash)) {
        case 'openai':
          if (!openai) return refuse(`The model ${shown} needs OPENAI_API_KEY, which is not set.`);
          return wrapLanguageModel({ model: openai(id), middleware: frugal(effort) });
        case 'anthropic':
          if (!anthropic) return refuse(`The model ${shown} needs ANTHROPIC_API_KEY, which is not set.`);
          return wrapLanguageModel({ model: anthropic(id), middleware: frugal(effort) });
        case 'compatible':
          if (!compatible) return refuse(`The model ${shown} needs LLM_BASE_URL, which is not set.`);
          return compatible(id);
      }
    }
    return refuse(`There is no model ${shown}: write openai/..., anthropic/..., compatible/... or demo.`);
  };

  const defaultModel = chooseDefault(settings);
  find(defaultModel);
  const available = new Set([defaultModel]);
  if (anthropic) available.add(`anthropic/${smallAnthropic}`);
  // With LLM_BASE_URL the key is more likely that server's than OpenAI's.
  if (openai && !compatible) available.add(`openai/${smallOpenai}`);
  available.add('demo');
  return { defaultModel, find, available: [...available] };
};
