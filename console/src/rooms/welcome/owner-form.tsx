import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { randomHex } from '../../api/random.ts';
import { request } from '../../api/request.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';

type Owner = { name: string; email: string; password: string; organizationName: string };

const nobody: Owner = { name: '', email: '', password: '', organizationName: '' };

/** Made anew each time: a data folder that later meets a real provider must not have a password everybody knows. */
const demoOwner = (): Owner => ({
  name: 'Grace Hopper',
  email: 'grace@example.com',
  password: randomHex(8),
  organizationName: 'Demo',
});

/** The owner’s account and the organization’s name; in the demo all of it is filled in. */
export const OwnerForm = ({ token, demo }: { token: string; demo: boolean }) => {
  const [owner, setOwner] = useState(() => (demo ? demoOwner() : nobody));
  const [shown, setShown] = useState(demo);
  const create = useMutation({
    mutationFn: () => request('/v1/first-run', { method: 'POST', body: { token, ...owner } }),
    onSuccess: () => window.location.replace('/'),
  });
  const bind = (name: keyof Owner) => ({
    name,
    required: true,
    value: owner[name],
    onChange: (event: { target: { value: string } }) => setOwner({ ...owner, [name]: event.target.value }),
  });
  return (
    <form
      className="stack gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Field label="Your name" autoComplete="name" maxLength={100} {...bind('name')} />
      <Field label="Email" type="email" autoComplete="username" maxLength={200} {...bind('email')} />
      <div className="stack gap-1.5">
        <Field
          label="Password"
          type={shown ? 'text' : 'password'}
          autoComplete="new-password"
          minLength={10}
          maxLength={128}
          hint={
            demo
              ? 'Made up for you: note it, or type your own. “trunkline link” prints a new link at any time.'
              : 'At least 10 characters.'
          }
          {...bind('password')}
        />
        <label className="flex w-fit items-center gap-2 text-muted text-sm">
          <input
            type="checkbox"
            checked={shown}
            onChange={(event) => setShown(event.target.checked)}
            className="size-4 accent-petrol"
          />
          Show the password
        </label>
      </div>
      <Field label="Organization" autoComplete="organization" maxLength={100} {...bind('organizationName')} />
      {create.isError && <Notice tone="bad">{sentenceOf(create.error)}</Notice>}
      <Button type="submit" look="main" autoFocus={demo} disabled={create.isPending || create.isSuccess}>
        {create.isPending || create.isSuccess ? 'Opening…' : demo ? 'Open the console' : 'Create the account'}
      </Button>
    </form>
  );
};
