import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { answered, auth } from '../../api/auth.ts';
import { Button } from '../../components/button.tsx';
import { Field } from '../../components/field.tsx';
import { Notice, sentenceOf } from '../../components/notice.tsx';
import { Door } from '../../frame/door.tsx';

/** Sign-in with email and password. The page then starts anew at the address that asked for it. */
export const SignIn = () => {
  const { to = '/' } = useSearch({ from: '/sign-in' });
  const signIn = useMutation({
    mutationFn: (form: FormData) =>
      answered(
        auth.signIn.email({ email: String(form.get('email')), password: String(form.get('password')) }),
      ),
    onSuccess: () => window.location.assign(to),
  });
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
