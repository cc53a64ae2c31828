import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { ProblemError, request } from '../../api/request.ts';
import { Button } from '../../components/button.tsx';
import { Failed, Notice, sentenceOf } from '../../components/notice.tsx';
import { Waiting } from '../../components/waiting.tsx';
import { Door } from '../../frame/door.tsx';
import { OwnerForm } from './owner-form.tsx';

type FirstRun = { needsOwner: boolean; demo: boolean };

/** The token travels in the fragment, which no browser sends and no log sees. */
const useToken = (): string => {
  const [token, setToken] = useState(() => window.location.hash.slice(1));
  useEffect(() => {
    const onHash = () => setToken(window.location.hash.slice(1));
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);
  return token;
};

const Expired = () => (
  <>
    <Notice tone="warn">
      It was used already, is older than an hour, or was cut short when it was copied.
    </Notice>
    <p className="text-muted text-sm leading-relaxed">
      Start the server again, or run <code className="font-mono text-ink">trunkline link</code>, and open the
      link it prints. Or{' '}
      <Link to="/sign-in" className="font-medium text-petrol underline underline-offset-2">
        sign in with your password
      </Link>
      .
    </p>
  </>
);

const OwnerDoor = ({ token }: { token: string }) => {
  const enter = useMutation({
    mutationFn: () => request('/v1/first-run', { method: 'POST', body: { token } }),
    onSuccess: () => window.location.replace('/'),
  });
  return (
    <>
      {enter.isError && <Notice tone="bad">{sentenceOf(enter.error)}</Notice>}
      <Button
        look="main"
        autoFocus
        disabled={enter.isPending || enter.isSuccess}
        onClick={() => enter.mutate()}
      >
        {enter.isPending || enter.isSuccess ? 'Signing in…' : 'Sign in as the owner'}
      </Button>
    </>
  );
};

/** Where the first-run link leads: makes the owner’s account, or signs the owner in. */
export const Welcome = () => {
  const token = useToken();
  const check = useQuery({
    queryKey: ['first-run', token],
    queryFn: ({ signal }) =>
      request<FirstRun>('/v1/first-run/check', { method: 'POST', body: { token }, signal }),
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY,
  });
  const expired =
    token === '' || (check.error instanceof ProblemError && check.error.code === 'link_expired');
  if (expired) {
    return (
      <Door title="This link no longer works" lead="Nothing is lost: you only need a new one.">
        <Expired />
      </Door>
    );
  }
  if (check.isError) {
    return (
      <Door title="Welcome" lead="The link could not be checked.">
        <Failed error={check.error} retry={() => void check.refetch()} />
      </Door>
    );
  }
  if (!check.data) {
    return (
      <Door title="Welcome" lead="Checking the link…">
        <Waiting rows={3} className="p-0" />
      </Door>
    );
  }
  if (!check.data.needsOwner) {
    return (
      <Door title="Welcome back" lead="This link belongs to whoever started the server.">
        <OwnerDoor token={token} />
      </Door>
    );
  }
  return (
    <Door
      title="Welcome"
      lead={
        check.data.demo
          ? 'This is the demo. Everything is filled in: one click and you are inside.'
          : 'Make the owner’s account and name your organization. You can invite others afterwards.'
      }
    >
      <OwnerForm token={token} demo={check.data.demo} />
    </Door>
  );
};
