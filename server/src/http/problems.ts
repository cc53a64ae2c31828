import type { Problem as ProblemBody } from '@trunkline/contract';
import type { z } from 'zod';
import { isDatabaseAway } from '../base/database-away.ts';
import { Problem } from '../base/errors.ts';

const titles: Record<number, string> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  405: 'Method not allowed',
  409: 'Conflict',
  410: 'Gone',
  413: 'Content too large',
  415: 'Unsupported media type',
  422: 'Unprocessable content',
  429: 'Too many requests',
  500: 'Internal error',
  503: 'Unavailable',
};

/** The answer for a refusal: application/problem+json (RFC 9457). */
export const problemResponse = (problem: Problem): Response => {
  const body: ProblemBody = {
    type: 'about:blank',
    title: titles[problem.status] ?? 'Error',
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    ...(problem.errors && { errors: problem.errors }),
  };
  return new Response(JSON.stringify(body), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      ...(problem.status === 401 && { 'www-authenticate': 'Bearer' }),
    },
  });
};

/** What zod found, as a Problem that names each field. */
export const invalidRequest = (error: z.ZodError): Problem => {
  const errors = error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  return new Problem(
    400,
    'invalid_request',
    errors.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join(' '),
    errors,
  );
};

/** Turns whatever was thrown into an answer; what wasn't foreseen is 500 (or 503 with the database away) without a word about its cause. */
export const answerError = (error: unknown, report: (error: unknown) => void): Response => {
  if (error instanceof Problem) return problemResponse(error);
  report(error);
  if (isDatabaseAway(error))
    return problemResponse(
      new Problem(503, 'database_unavailable', 'The database does not answer right now. Try again.'),
    );
  return problemResponse(new Problem(500, 'internal_error', 'Something went wrong here. The log has it.'));
};
