/**
 * The path, query and fragment of `to` when it leads to a page of `origin`, else undefined. Read as the browser would:
 * it drops tabs and line ends and takes a backslash for a slash, so that a look at the first letters is not enough.
 */
export const ownPath = (to: string, origin: string): string | undefined => {
  if (!to.startsWith('/') || !URL.canParse(to, origin)) return undefined;
  const url = new URL(to, origin);
  return url.origin === origin ? url.pathname + url.search + url.hash : undefined;
};
