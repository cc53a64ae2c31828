import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answered, auth } from '../../api/auth.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';

type AccountFormProps = { invitationId: string; onEntered: () => void };

/** Makes an account, or signs in to the one there is. Calls `onEntered` once signed in. */
export const AccountForm = ({ invitationId, onEntered }: AccountFormProps) => {
  const [isNew, setIsNew] = useState(true);
  const enter = useMutation<unknown, Error, FormData>({
    mutationFn: (form) => {
      const [name, email, password] = ['name', 'email', 'password'].map((field) => String(form.get(field)));
      const account = { email: email ?? '', password: password ?? '' };
      // The server takes no sign-up without an invitation; the id of its link is the proof.
      const proof = { invitationId };
      return isNew
        ? answered(auth.signUp.email({ ...account, name: name ?? '', ...proof }))
        : answered(auth.signIn.email(account));
    },
    onSuccess: onEntered,
  });
  return (
    <form
      className="stack gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        enter.mutate(new FormData(event.currentTarget));
      }}
    >
      {isNew && <Field label="Your name" name="name" autoComplete="name" required maxLength={100} />}
      <Field
        label="Email"
        name="email"
        type="email"
        autoComplete="username"
        required
        hint="The address the invitation was made out to."
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete={isNew ? 'new-password' : 'current-password'}
        minLength={isNew ? 10 : 1}
        required
        {...(isNew ? { hint: 'At least 10 characters.' } : {})}
      />
      {enter.isError && <Notice tone="bad">{sentenceOf(enter.error)}</Notice>}
      <Button type="submit" look="main" disabled={enter.isPending}>
        {isNew ? 'Create the account' : 'Sign in'}
      </Button>
      <Button
        look="quiet"
        onClick={() => {
          setIsNew(!isNew);
          enter.reset();
        }}
      >
        {isNew ? 'I have an account already' : 'I have no account yet'}
      </Button>
    </form>
  );
};
