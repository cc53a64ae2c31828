import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Phone } from '@trunkline/contract/simulator';
import { ArrowUp, ImagePlus, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { textFromPhone } from '../../api/simulator.ts';
import { Button } from '../../components/button.tsx';
import { cn } from '../../components/cn.ts';
import { fieldClasses } from '../../components/field.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { type Picture, readPicture } from './read-picture.ts';
import { rememberPictures } from './sent-pictures.ts';

type HandsetComposerProps = { simulatorUrl: string; phone: Phone; number: string };

/** Writes a text on the handset; a picture can go with it. */
export const HandsetComposer = ({ simulatorUrl, phone, number }: HandsetComposerProps) => {
  const queries = useQueryClient();
  const field = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const [body, setBody] = useState('');
  const [picture, setPicture] = useState<Picture | null>(null);

  const attach = useMutation({ mutationFn: readPicture, onSuccess: setPicture });
  const send = useMutation({
    mutationFn: () =>
      textFromPhone(simulatorUrl, phone.number, {
        to: number,
        body,
        media: picture === null ? [] : [{ contentType: picture.contentType, base64: picture.base64 }],
      }),
    onSuccess: (sent) => {
      rememberPictures(sent.sid, picture === null ? [] : [picture]);
      setBody('');
      setPicture(null);
      field.current?.focus();
      return queries.invalidateQueries({ queryKey: ['screen', phone.number] });
    },
  });

  const ready = (body.trim() !== '' || picture !== null) && !send.isPending;
  const error = send.error ?? attach.error;
  return (
    <form
      className="stack gap-2 border-t p-2.5"
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) send.mutate();
      }}
    >
      {error !== null && <Notice tone="bad">{sentenceOf(error)}</Notice>}
      {picture !== null && (
        <p className="flex items-center gap-1 rounded-lg bg-sunken py-0.5 pr-1 pl-3 text-[13px]">
          <span className="min-w-0 flex-1 truncate">{picture.name}</span>
          <Button
            look="quiet"
            size="icon"
            className="size-7"
            aria-label="Remove the picture"
            onClick={() => setPicture(null)}
          >
            <X aria-hidden="true" />
          </Button>
        </p>
      )}
      <div className="flex items-end gap-1.5">
        <input
          ref={file}
          type="file"
          accept="image/*"
          aria-label="Picture"
          tabIndex={-1}
          className="sr-only"
          onChange={(event) => {
            const chosen = event.target.files?.[0];
            if (chosen) attach.mutate(chosen);
            event.target.value = '';
          }}
        />
        <Button look="quiet" size="icon" aria-label="Attach a picture" onClick={() => file.current?.click()}>
          <ImagePlus aria-hidden="true" />
        </Button>
        <textarea
          ref={field}
          aria-label="Text from this phone"
          placeholder="Text message"
          rows={1}
          maxLength={1600}
          value={body}
          onChange={(event) => setBody(event.target.value)}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
            event.preventDefault();
            if (ready) send.mutate();
          }}
          className={cn(fieldClasses, 'field-sizing-content max-h-28 min-h-9 resize-none rounded-2xl py-1.5')}
        />
        <Button
          type="submit"
          look="main"
          size="icon"
          className="rounded-full"
          aria-label="Send from the phone"
          disabled={!ready}
        >
          <ArrowUp aria-hidden="true" />
        </Button>
      </div>
    </form>
  );
};
