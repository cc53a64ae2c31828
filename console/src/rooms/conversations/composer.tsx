import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { AcceptedMessage } from '@trunkline/contract';
import { SendHorizontal } from 'lucide-react';
import { useRef, useState } from 'react';
import { randomHex } from '../../api/random.ts';
import { request } from '../../api/request.ts';
import { Button } from '../../components/button.tsx';
import { cn } from '../../components/cn.ts';
import { fieldClasses } from '../../components/field.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { SegmentCount } from '../../components/segment-count.tsx';

/** Writes into the conversation. What could not be accepted stays in the field, with the reason above it. */
export const Composer = ({ conversationId }: { conversationId: string }) => {
  const queries = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const [body, setBody] = useState('');
  // One key per draft: sending again after a lost answer is then the same request, not a second text.
  const [draftKey, setDraftKey] = useState(() => randomHex(16));

  const change = (text: string): void => {
    setBody(text);
    setDraftKey(randomHex(16));
  };

  const send = useMutation({
    mutationFn: (text: string) =>
      request<AcceptedMessage>('/v1/messages', {
        method: 'POST',
        body: { conversationId, body: text },
        headers: { 'idempotency-key': draftKey },
      }),
    onSuccess: () => {
      change('');
      field.current?.focus();
      return queries.invalidateQueries({ queryKey: ['thread', conversationId] });
    },
  });

  const submit = (): void => {
    if (body.trim() !== '' && !send.isPending) send.mutate(body);
  };

  return (
    <form
      className="stack gap-2 border-t bg-card px-3 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] md:px-6"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {send.isError && <Notice tone="bad">{sentenceOf(send.error)}</Notice>}
      <div className="mx-auto flex w-full max-w-3xl items-end gap-2">
        <textarea
          ref={field}
          aria-label="Write a text"
          placeholder="Write a text"
          rows={1}
          maxLength={16_000}
          value={body}
          onChange={(event) => change(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            submit();
          }}
          className={cn(
            fieldClasses,
            'field-sizing-content max-h-40 min-h-10 resize-none rounded-2xl py-2 leading-normal',
          )}
        />
        <Button
          type="submit"
          look="main"
          className="h-10 rounded-2xl"
          aria-label="Send"
          disabled={body.trim() === '' || send.isPending}
        >
          <SendHorizontal aria-hidden="true" />
          <span className="max-sm:hidden">Send</span>
        </Button>
      </div>
      <p className="mx-auto w-full max-w-3xl px-1">
        <SegmentCount text={body} />
      </p>
    </form>
  );
};
