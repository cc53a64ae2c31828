import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { answered, auth } from '../../api/auth.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { Door } from '../../frame/door.tsx';

const signInWith = async (form: FormData): Promise<{ needsCode: boolean }> => {
  const data: object = await answered(
    auth.signIn.email({ email: String(form.get('email')), password: String(form.get('password')) }),
  );
  return { needsCode: 'twoFactorRedirect' in data && data.twoFactorRedirect === true };
};

const CodeForm = ({ onEntered }: { onEntered: () => void }) => {
  const verify = useMutation({
    mutationFn: (form: FormData) => answered(auth.twoFactor.verifyTotp({ code: String(form.get('code')) })),
    onSuccess: onEntered,
  });
  return (
    <form
      className="stack gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        verify.mutate(new FormData(event.currentTarget));
      }}
    >
      <Field
        label="Code"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        pattern="[0-9]{6}"
        hint="The six digits your authenticator app shows now."
        required
        autoFocus
      />
      {verify.isError && <Notice tone="bad">{sentenceOf(verify.error)}</Notice>}
      <Button type="submit" look="main" disabled={verify.isPending || verify.isSuccess}>
        {verify.isPending || verify.isSuccess ? 'Signing in…' : 'Continue'}
      </Button>
    </form>
  );
};

/** Sign-in with email and password, and a code where a second factor is set. Leads to the address that asked for it. */
export const SignIn = () => {
  const { to = '/' } = useSearch({ from: '/sign-in' });
  const [needsCode, setNeedsCode] = useState(false);
  // The page starts anew, so that nothing fetched while signed out stays in memory.
  const enter = () => window.location.assign(to);
  const signIn = useMutation({
    mutationFn: signInWith,
    onSuccess: (result) => (result.needsCode ? setNeedsCode(true) : enter()),
  });
  if (needsCode) {
    return (
      <Door title="Your second factor" lead="This account asks for a code besides the password.">
        <CodeForm onEntered={enter} />
      </Door>
    );
  }
  return (
    <Door title="Sign in" lead="With the email and password of your account.">
      <form
        className="stack gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate(new FormData(event.currentTarget));
        }}
      >
        <Field label="Email" name="email" type="email" autoComplete="username" required autoFocus />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        {signIn.isError && <Notice tone="bad">{sentenceOf(signIn.error)}</Notice>}
        <Button type="submit" look="main" disabled={signIn.isPending || signIn.isSuccess}>
          {signIn.isPending || signIn.isSuccess ? 'Signing in…' : 'Sign in'}
        </Button>
      </form>
      <p className="text-muted text-sm leading-relaxed">
        Running this server yourself? The link it prints when it starts signs the owner in.
      </p>
    </Door>
  );
};
