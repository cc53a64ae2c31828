/** One text of a conversation, as the assistant sees it: `user` is the person at the phone. */
export type PastText = { role: 'user' | 'assistant'; text: string; mediaCount?: number };

type ChatMessage = { role: 'user' | 'assistant'; content: string };

const maxTexts = 50;
const maxCharacters = 12_000;

const written = ({ text, mediaCount = 0 }: PastText): string => {
  const media = mediaCount > 0 ? `[sent ${mediaCount} ${mediaCount === 1 ? 'picture' : 'pictures'}]` : '';
  // Providers refuse an empty message.
  return [text.trim(), media].filter(Boolean).join('\n') || '[empty text]';
};

/**
 * The part of a conversation a model is shown: the newest 50 texts and at most 12,000 characters (the newest text always), older ones
 * dropped whole; neighbours of one role merged, because some models insist on turns; always starting with the person.
 */
export const recentHistory = (history: PastText[]): ChatMessage[] => {
  const newest: ChatMessage[] = [];
  let characters = 0;
  for (const past of history.slice(-maxTexts).reverse()) {
    const content = written(past);
    characters += content.length;
    if (characters > maxCharacters && newest.length > 0) break;
    newest.unshift({ role: past.role, content });
  }
  const merged: ChatMessage[] = [];
  for (const { role, content } of newest) {
    const last = merged.at(-1);
    if (last?.role === role) last.content += `\n${content}`;
    else merged.push({ role, content });
  }
  // Anthropic takes no conversation that begins with the assistant, which is how an agenda's begin.
  if (merged[0]?.role === 'assistant') merged.unshift({ role: 'user', content: '[you wrote first]' });
  return merged;
};
