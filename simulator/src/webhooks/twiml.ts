import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Answer } from './client.ts';
import type { Failure } from './failure.ts';

export interface Reply {
  body: string;
  media: string[];
  to: string | null;
  from: string | null;
  statusCallback: string | null;
}

export interface Twiml {
  replies: Reply[];
  redirect: { url: string; method: 'GET' | 'POST' } | null;
  /** The answer is unusable; nothing of it is done. */
  failure: Failure | null;
  /** Something in it was left out. */
  warning: Failure | null;
}

type Node = Record<string, unknown> & { ':@'?: Record<string, string> };

const longest = 64 * 1024;
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

/**
 * Reads the answer to an inbound webhook as Twilio does: empty is no reply, text/plain is the reply's text, XML is TwiML.
 */
export function readTwiml(answer: Answer): Twiml {
  const none: Twiml = { replies: [], redirect: null, failure: null, warning: null };
  const wrong = (code: number, error: string): Twiml => ({ ...none, failure: { code, error, retry: null } });
  if (answer.body.trim() === '') return none;
  if (answer.body.length > longest) return wrong(11750, 'TwiML response body too large');
  const type = answer.contentType.split(';')[0]!.trim().toLowerCase();
  if (type === 'text/plain') {
    return {
      ...none,
      replies: [{ body: answer.body, media: [], to: null, from: null, statusCallback: null }],
    };
  }
  if (!['text/xml', 'application/xml', 'text/html'].includes(type))
    return wrong(12300, 'Invalid Content-Type');

  const xml = answer.body.trim();
  if (XMLValidator.validate(xml) !== true) return wrong(12100, 'Document parse failure');
  const roots = parse(xml)?.filter((node) => nameOf(node) !== '#text');
  if (!roots) return wrong(12100, 'Document parse failure');
  const root = roots[0];
  if (!root || nameOf(root) !== 'Response') return wrong(12102, 'Root element must be Response');
  return readVerbs(root.Response as Node[], none);
}

/** The parser refuses some documents that the validator lets through, such as a flood of entities. */
function parse(xml: string): Node[] | null {
  try {
    return parser.parse(xml) as Node[];
  } catch {
    return null;
  }
}

function readVerbs(verbs: Node[], none: Twiml): Twiml {
  const twiml: Twiml = { ...none, replies: [] };
  const unknown: Failure = { code: 12200, error: 'Schema validation warning', retry: null };
  for (const verb of verbs) {
    const name = nameOf(verb);
    const attributes = verb[':@'] ?? {};
    if (name === 'Message') twiml.replies.push(readMessage(verb.Message as Node[], attributes));
    else if (name === 'Redirect') {
      const method = attributes.method?.toUpperCase() === 'GET' ? 'GET' : 'POST';
      twiml.redirect = { url: textOf(verb.Redirect as Node[]).trim(), method };
      // What follows a redirect is never reached.
      return twiml;
    } else if (name !== '#text' && name !== '#comment') twiml.warning = unknown;
  }
  return twiml;
}

function readMessage(children: Node[], attributes: Record<string, string>): Reply {
  const elements = children.filter((child) => nameOf(child) !== '#text');
  const bodies = elements.filter((child) => nameOf(child) === 'Body');
  const media = elements.filter((child) => nameOf(child) === 'Media');
  const body = bodies.length ? bodies.map((node) => textOf(node.Body as Node[])).join('') : textOf(children);
  return {
    body: body.trim(),
    media: media.map((node) => textOf(node.Media as Node[]).trim()),
    to: attributes.to ?? null,
    from: attributes.from ?? null,
    statusCallback: attributes.action ?? attributes.statusCallback ?? null,
  };
}

function nameOf(node: Node): string {
  return Object.keys(node).find((key) => key !== ':@') ?? '';
}

function textOf(children: Node[]): string {
  return children.map((child) => String(child['#text'] ?? '')).join('');
}
