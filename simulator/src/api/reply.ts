/** What an API operation answers: JSON, or bytes, or nothing. */
export interface Reply {
  status: number;
  json?: unknown;
  body?: Buffer | string;
  headers?: Record<string, string>;
}

/** A success with this JSON; 200 unless another status is given. */
export function ok(json: unknown, status = 200): Reply {
  return { status, json };
}

/** What a deletion answers. */
export const noContent: Reply = { status: 204 };

/** An error as the 2010 API words it: code, message, where to read about it, and the HTTP status again. */
export function refuse(status: number, code: number, message: string, detail?: string): Reply {
  const json: Record<string, unknown> = {
    code,
    message,
    more_info: `https://www.twilio.com/docs/errors/${code}`,
    status,
  };
  if (detail !== undefined) json.detail = detail;
  return { status, json };
}

/** Twilio's 404 for a path of this account that leads nowhere. */
export function notFound(path: string): Reply {
  return refuse(404, 20404, `The requested resource ${path} was not found`);
}
