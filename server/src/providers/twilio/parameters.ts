/** A parameter's first value, '' when absent. NUL becomes U+FFFD: PostgreSQL has no text with NUL, and the text must be kept. */
export function parameter(params: URLSearchParams, name: string): string {
  return withoutNul(params.get(name) ?? '');
}

/** The same for any text of a request. */
export function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\ufffd') : text;
}
