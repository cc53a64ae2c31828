/** encodeURIComponent throws on half a surrogate pair; such a half is sent as U+FFFD, as every UTF-8 encoder would. */
export function encode(text: string): string {
  return encodeURIComponent(text.isWellFormed() ? text : text.toWellFormed());
}
