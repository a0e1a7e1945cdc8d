/**
 * A configuration in the XML that S3 itself takes, read into the JSON its tools print, so that one set of checks does for
 * both.
 *
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketIntelligentTieringConfiguration.html
 */
import { parseXml, type XmlDocument, XmlDocumentType, XmlElement, XmlError, XmlText } from '@rgrove/parse-xml';
import { nearest, quoted } from '../model/diagnostic.ts';
import type { Checks } from './checks.ts';
import type { Json, JsonObject } from './json.ts';
import { type Content, type Elements, ROOTS } from './xml-elements.ts';

/** A root element's name and what it holds; undefined when it is not XML of S3's form, which is left in `checks`. */
export function readXml(checks: Checks, text: string): { root: string; value: JsonObject } | undefined {
  const document = wellFormed(checks, text);
  const root = document?.root;
  if (!root) return undefined;
  const lines = new Lines(text);
  const type = document.children.find((node) => node instanceof XmlDocumentType);
  if (type) {
    checks.malformed('a document type declaration is not allowed', lines.at(type.start));
    return undefined;
  }
  const name = localName(root);
  const elements = ROOTS.get(name);
  if (!elements) {
    const expected = [...ROOTS.keys()].map((known) => `<${known}>`).join(' or ');
    checks.malformed(`the root element must be ${expected}, not <${shortened(name)}>`, lines.at(root.start));
    return undefined;
  }
  return { root: name, value: new ElementReader(checks, lines).object(root, elements) };
}

function wellFormed(checks: Checks, text: string): XmlDocument | undefined {
  try {
    return parseXml(text, { includeOffsets: true, preserveDocumentType: true });
  } catch (error) {
    if (error instanceof XmlError) {
      const [, message = ''] = /^(.*?) \(line \d+, column \d+\)\n/s.exec(error.message) ?? [];
      checks.malformed(`not well-formed at ${error.line}:${error.column}: ${shortened(message)}`, error.line);
    } else if (error instanceof RangeError) {
      checks.malformed('its elements are nested too deeply');
    } else {
      throw error;
    }
    return undefined;
  }
}

class ElementReader {
  readonly #checks: Checks;
  readonly #lines: Lines;

  constructor(checks: Checks, lines: Lines) {
    this.#checks = checks;
    this.#lines = lines;
  }

  object(parent: XmlElement, elements: Elements): JsonObject {
    const line = this.#lines.at(parent.start);
    const fields = new Map<string, Json>();
    const lists = new Map<string, Json[]>();
    for (const child of parent.children) {
      if (child instanceof XmlText) this.#refuseText(child, parent, line);
      if (!(child instanceof XmlElement)) continue;
      const known = elements.get(localName(child));
      if (!known) {
        this.#unknown(child, parent, elements);
      } else if (known.list) {
        const list = lists.get(known.list) ?? [];
        lists.set(known.list, list);
        list.push(this.#value(child, known.content));
        fields.set(known.list, { kind: 'array', line, items: list });
      } else if (fields.has(localName(child))) {
        this.#checks.malformed(`<${localName(child)}> is given twice in <${localName(parent)}>`, this.#line(child));
      } else {
        fields.set(localName(child), this.#value(child, known.content));
      }
    }
    return { kind: 'object', line, fields };
  }

  #value(element: XmlElement, content: Content): Json {
    if (typeof content !== 'string') return this.object(element, content);
    const inner = element.children.find((child) => child instanceof XmlElement);
    if (inner) {
      const message = `<${localName(element)}> must hold text, not <${shortened(localName(inner))}>`;
      this.#checks.malformed(message, this.#line(element));
      return '';
    }
    const { text } = element;
    const token = text.trim();
    if (content === 'number') return /^[+-]?\d+$/.test(token) ? Number(token) : token;
    if (content === 'boolean') return BOOLEANS.get(token) ?? token;
    return content === 'date' ? token : text;
  }

  #refuseText({ text }: XmlText, parent: XmlElement, line: number): void {
    if (text.trim() === '') return;
    this.#checks.malformed(`<${localName(parent)}> must hold elements, not the text ${quoted(text.trim())}`, line);
  }

  #unknown(child: XmlElement, parent: XmlElement, elements: Elements): void {
    const name = localName(child);
    const meant = nearest(name.slice(0, 64), elements.keys());
    const help =
      meant === undefined ? `it may have <${[...elements.keys()].join('>, <')}>` : `did you mean <${meant}>?`;
    this.#checks.malformed(`unknown <${shortened(name)}> in <${localName(parent)}>; ${help}`, this.#line(child));
  }

  #line(element: XmlElement): number {
    return this.#lines.at(element.start);
  }
}

/** As XML Schema writes them. */
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['false', false],
  ['0', false],
]);

/** The lines of a text by offset, asked for from the beginning to the end. */
class Lines {
  readonly #text: string;
  #offset = 0;
  #line = 1;

  constructor(text: string) {
    this.#text = text;
  }

  at(offset: number): number {
    for (; this.#offset < offset; this.#offset++) if (this.#text[this.#offset] === '\n') this.#line++;
    return this.#line;
  }
}

/** Without a namespace's prefix. S3 takes its elements with its namespace or without. */
function localName({ name }: XmlElement): string {
  return name.slice(name.indexOf(':') + 1);
}

function shortened(text: string): string {
  return quoted(text).slice(1, -1);
}
