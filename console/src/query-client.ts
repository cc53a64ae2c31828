import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ProblemError } from './api/request.ts';

const isPassing = (error: unknown): boolean =>
  error instanceof ProblemError && (error.status === 0 || error.status >= 500);

/** Signed out in another tab, or the session ran out: the sign-in page takes over and leads back here. */
const onError = (error: unknown): void => {
  if (!(error instanceof ProblemError) || error.code !== 'signed_out') return;
  const { pathname, search } = window.location;
  if (/^\/(sign-in|welcome|invitation)/.test(pathname)) return;
  window.location.assign(`/sign-in?to=${encodeURIComponent(pathname + search)}`);
};

export const queries = new QueryClient({
  queryCache: new QueryCache({ onError }),
  defaultOptions: {
    queries: {
      // The server is often on this machine; the browser's own idea of being offline says nothing about it.
      networkMode: 'always',
      staleTime: 5_000,
      retry: (failures, error) => isPassing(error) && failures < 3,
    },
    mutations: { networkMode: 'always' },
  },
});
