import type { Page, Problem } from '@trunkline/contract';

/** An answer that was not a success: `code` is stable, `message` a sentence for a person. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: { path: string; message: string }[];

  constructor(problem: Pick<Problem, 'status' | 'code' | 'detail' | 'errors'>) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.status = problem.status;
    this.code = problem.code;
    this.fields = problem.errors ?? [];
  }
}

const readProblem = async (response: Response): Promise<ProblemError> => {
  const body = (await response.json().catch(() => null)) as Partial<Problem> | null;
  return new ProblemError({
    status: response.status,
    code: body?.code ?? `http_${response.status}`,
    detail: body?.detail ?? body?.title ?? `The server answered ${response.status} without a reason.`,
    ...(body?.errors ? { errors: body.errors } : {}),
  });
};

type Call = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

/**
 * Calls the API and returns the JSON answer, or undefined for an empty one.
 * Throws ProblemError for every answer but 2xx, and with code `unreachable` when there is no answer.
 */
export const request = async <T>(url: string, call: Call = {}): Promise<T> => {
  const response = await fetch(url, {
    method: call.method ?? 'GET',
    headers: {
      accept: 'application/json',
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    ...(call.signal ? { signal: call.signal } : {}),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    const detail = 'The server can’t be reached. It may be restarting; this page tries again by itself.';
    throw new ProblemError({ status: 0, code: 'unreachable', detail });
  });
  if (!response.ok) throw await readProblem(response);
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
};

/** One page of a list; `query` entries that are undefined or empty are left out. */
export const requestPage = <T>(
  path: string,
  query: Record<string, string | number | undefined>,
  signal: AbortSignal,
): Promise<Page<T>> => {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return request<Page<T>>(text === '' ? path : `${path}?${text}`, { signal });
};
