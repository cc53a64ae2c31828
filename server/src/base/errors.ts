/** A refusal that a caller may see: becomes application/problem+json (RFC 9457). Never holds a secret, a stack or a body. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly detail: string;
  readonly errors: { path: string; message: string }[] | undefined;

  constructor(status: number, code: string, detail: string, errors?: { path: string; message: string }[]) {
    super(`${code}: ${detail}`);
    this.status = status;
    this.code = code;
    this.detail = detail;
    this.errors = errors;
  }
}

/** Why the program can't run, in sentences for whoever started it: printed without a stack. */
export class CannotStart extends Error {}
