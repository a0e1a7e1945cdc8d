/**
 * Reads tags as the `x-amz-tagging` header writes them: `k=v&k2=v2`, percent-encoded.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html
 */
export function parseTags(text: string): Map<string, string> {
  const tags = new Map<string, string>();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const at = pair.indexOf('=');
    tags.set(decode(at < 0 ? pair : pair.slice(0, at)), at < 0 ? '' : decode(pair.slice(at + 1)));
  }
  return tags;
}

/** Where the bytes are no UTF-8 text, the text as it is; a `%` that begins no byte stays. */
function decode(text: string): string {
  try {
    return text.replace(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent);
  } catch {
    return text;
  }
}
