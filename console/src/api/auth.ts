import { organizationClient, twoFactorClient } from 'better-auth/client/plugins';
import { createAuthClient } from 'better-auth/react';
import { ProblemError } from './request.ts';

/** Sign-in, organizations and invitations, as the server's better-auth offers them under /api/auth. */
export const auth = createAuthClient({
  baseURL: window.location.origin,
  basePath: '/api/auth',
  plugins: [organizationClient(), twoFactorClient()],
});

type Answer<T> = {
  data: T | null;
  error: { status?: number; code?: string | undefined; message?: string | undefined } | null;
};

/** Takes better-auth's answer and returns its data; throws ProblemError for its error, like every other call. */
export const answered = async <T>(answer: Promise<Answer<T>>): Promise<T> => {
  const { data, error } = await answer;
  if (error) {
    const detail = error.message ?? 'The server refused this without a reason.';
    throw new ProblemError({
      status: error.status ?? 0,
      code: (error.code ?? 'refused').toLowerCase(),
      detail: /[.!?]$/.test(detail) ? detail : `${detail}.`,
    });
  }
  return data as T;
};
