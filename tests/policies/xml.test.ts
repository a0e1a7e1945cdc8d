import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { parsePolicyFile } from '../../src/policies/index.ts';
import { type PolicyDocument, readPolicyDocument } from '../../src/policies/policy-document.ts';
import { acceptedRules } from './arbitrary-rules.ts';

const MALFORMED =
  'MalformedXML: The XML you provided was not well-formed or did not validate against our published schema';

function printed(text: string): string[] {
  return readPolicyDocument(text, 'life.xml').diagnostics.map(formatDiagnostic);
}

/** What a text that is accepted says, lines apart. */
function read(text: string): PolicyDocument | undefined {
  const { document, diagnostics } = readPolicyDocument(text);
  expect(diagnostics).toEqual([]);
  if (!document?.configuration) return document;
  const rules = document.configuration.rules.map((rule) => ({ ...rule, line: 0 }));
  return { ...document, configuration: { ...document.configuration, rules } };
}

const rule = (inner: string): string => `<LifecycleConfiguration><Rule>${inner}</Rule></LifecycleConfiguration>`;
const minimal = '<Filter/><Status>Enabled</Status>';

// https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html, the syntax of the request.
const EVERY_ELEMENT = `<?xml version="1.0" encoding="UTF-8"?>
<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
  <!-- what is read less and less -->
  <Rule>
    <ID>cool &amp; drop</ID>
    <Filter>
      <And>
        <ObjectSizeGreaterThan>500</ObjectSizeGreaterThan>
        <ObjectSizeLessThan>64000</ObjectSizeLessThan>
        <Prefix>logs/ 1</Prefix>
        <Tag><Key>k</Key><Value>v</Value></Tag>
        <Tag><Key>e</Key><Value/></Tag>
      </And>
    </Filter>
    <Status>Enabled</Status>
    <Transition><Days>30</Days><StorageClass>STANDARD_IA</StorageClass></Transition>
    <Transition><Days>60</Days><StorageClass>GLACIER</StorageClass></Transition>
    <Expiration><Days>365</Days></Expiration>
    <NoncurrentVersionTransition>
      <NoncurrentDays>30</NoncurrentDays>
      <NewerNoncurrentVersions>2</NewerNoncurrentVersions>
      <StorageClass>GLACIER</StorageClass>
    </NoncurrentVersionTransition>
    <NoncurrentVersionExpiration>
      <NoncurrentDays>90</NoncurrentDays>
      <NewerNoncurrentVersions>5</NewerNoncurrentVersions>
    </NoncurrentVersionExpiration>
  </Rule>
  <Rule>
    <Status>Disabled</Status>
    <AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload>
    <Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>
    <Filter><Prefix><![CDATA[a<b]]></Prefix></Filter>
  </Rule>
  <Rule>
    <Filter><ObjectSizeLessThan>5</ObjectSizeLessThan></Filter>
    <Status>Enabled</Status>
    <Expiration><Date> 2030-01-01T00:00:00.000Z </Date></Expiration>
  </Rule>
</LifecycleConfiguration>
`;

const IN_JSON = {
  Rules: [
    {
      ID: 'cool & drop',
      Filter: {
        And: {
          Prefix: 'logs/ 1',
          ObjectSizeGreaterThan: 500,
          ObjectSizeLessThan: 64_000,
          Tags: [
            { Key: 'k', Value: 'v' },
            { Key: 'e', Value: '' },
          ],
        },
      },
      Status: 'Enabled',
      Transitions: [
        { Days: 30, StorageClass: 'STANDARD_IA' },
        { Days: 60, StorageClass: 'GLACIER' },
      ],
      Expiration: { Days: 365 },
      NoncurrentVersionTransitions: [{ NoncurrentDays: 30, NewerNoncurrentVersions: 2, StorageClass: 'GLACIER' }],
      NoncurrentVersionExpiration: { NoncurrentDays: 90, NewerNoncurrentVersions: 5 },
    },
    {
      Status: 'Disabled',
      Filter: { Prefix: 'a<b' },
      Expiration: { ExpiredObjectDeleteMarker: true },
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
    },
    { Status: 'Enabled', Filter: { ObjectSizeLessThan: 5 }, Expiration: { Date: '2030-01-01T00:00:00.000Z' } },
  ],
};

describe('a configuration in XML', () => {
  it('is that of the same rules in JSON, element by element', () => {
    expect(read(EVERY_ELEMENT)).toEqual(read(JSON.stringify(IN_JSON)));
  });

  it('may do without the namespace, or give it a prefix', () => {
    const bare = EVERY_ELEMENT.replace(/ xmlns="[^"]*"/, '');
    const prefixed = EVERY_ELEMENT.replace('xmlns=', 'xmlns:s3=').replace(/<(\/?)(?=[A-Z])/g, '<$1s3:');
    expect(read(bare)).toEqual(read(EVERY_ELEMENT));
    expect(read(prefixed)).toEqual(read(EVERY_ELEMENT));
  });

  it('may be of the first version', () => {
    const v1 = '<Prefix>tmp/</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration>';
    const Rules = [{ Prefix: 'tmp/', Status: 'Enabled', Expiration: { Days: 1 } }];
    expect(read(rule(v1))).toEqual(read(JSON.stringify({ Rules })));
  });

  it('is a policy', () => {
    const { policy } = parsePolicyFile(`\uFEFF${EVERY_ELEMENT}`, { name: 'x' });
    expect(policy!.rules).toEqual(['cool & drop', 'rule 2', 'rule 3']);
  });

  it('may be of Intelligent-Tiering', () => {
    const xml = `<IntelligentTieringConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Id>a</Id>
      <Filter><And><Prefix>p/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag></And></Filter><Status>Enabled</Status>
      <Tiering><AccessTier>ARCHIVE_ACCESS</AccessTier><Days>90</Days></Tiering>
      <Tiering><AccessTier>DEEP_ARCHIVE_ACCESS</AccessTier><Days>180</Days></Tiering></IntelligentTieringConfiguration>`;
    const Tierings = [
      { AccessTier: 'ARCHIVE_ACCESS', Days: 90 },
      { AccessTier: 'DEEP_ARCHIVE_ACCESS', Days: 180 },
    ];
    const Filter = { And: { Prefix: 'p/', Tags: [{ Key: 'k', Value: 'v' }] } };
    const IntelligentTieringConfiguration = { Id: 'a', Filter, Status: 'Enabled', Tierings };
    expect(read(xml)).toEqual(read(JSON.stringify({ IntelligentTieringConfiguration })));
  });
});

describe('XML that S3 refuses', () => {
  it('is refused in the words of the same rule in JSON, with the line of its element', () => {
    const text = EVERY_ELEMENT.replace('<Days>60</Days>', '<Days>59</Days>');
    expect(printed(text)).toEqual([
      "life.xml:17: rule 'cool & drop': InvalidArgument: 'Days' in the 'Transition' action for StorageClass 'GLACIER' for filter " +
        "'(prefix=logs/ 1 and tag={key=k, value=v} and tag={key=e, value=} and objectsizegreaterthan=500 and objectsizelessthan=64000)' " +
        "must be 30 days more than 'filter '(prefix=logs/ 1 and tag={key=k, value=v} and tag={key=e, value=} and " +
        "objectsizegreaterthan=500 and objectsizelessthan=64000)'' in the 'Transition' action for StorageClass 'STANDARD_IA'",
    ]);
  });

  it.each([
    ['<LifecycleConfiguration>\n<Rule>\n</LifecycleConfiguration>', 3, 'not well-formed at 3:1: Missing end tag'],
    ['<LifecycleConfiguration/><x/>', 1, 'not well-formed at 1:26: '],
    ['<a b=1/>', 1, 'not well-formed at 1:6: Attribute value expected'],
    [rule('<ID>&entity;</ID>'), 1, 'not well-formed at 1:'],
    ['<!DOCTYPE x [<!ENTITY a "aaaa">]>\n<LifecycleConfiguration/>', 1, 'a document type declaration is not allowed'],
    [
      '<Lifecycle/>',
      1,
      'the root element must be <LifecycleConfiguration> or <IntelligentTieringConfiguration>, not <Lifecycle>',
    ],
    [rule(`\n<Filtre/>`), 2, 'unknown <Filtre> in <Rule>; did you mean <Filter>?'],
    [rule('<Rules/>'), 1, 'unknown <Rules> in <Rule>; it may have <ID>, <Prefix>, <Filter>, '],
    [
      '<LifecycleConfiguration>x</LifecycleConfiguration>',
      1,
      "<LifecycleConfiguration> must hold elements, not the text 'x'",
    ],
    [rule('\n x \n'), 1, "<Rule> must hold elements, not the text 'x'"],
    [`${'\n'.repeat(9)}<Rule a="${'b'.repeat(90)}" c=1/>`, 10, 'not well-formed at 10:104: Attribute value expected'],
    [rule('<ID><b/></ID>'), 1, '<ID> must hold text, not <b>'],
    [rule(`<ID>a</ID>\n<ID>b</ID>`), 2, '<ID> is given twice in <Rule>'],
  ])('%j: as malformed', (text, line, words) => {
    const [message] = printed(text);
    expect(message!.startsWith(`life.xml:${line}: `)).toBe(true);
    expect(message).toContain(`${MALFORMED}: ${words}`);
  });

  it.each([
    ['<Expiration><Days>thirty</Days></Expiration>', "'Days' must be a whole number, not the text 'thirty'"],
    ['<Expiration><Days>x1</Days></Expiration>', "'Days' must be a whole number, not the text 'x1'"],
    ['<Expiration><Days>1.5</Days></Expiration>', "'Days' must be a whole number, not the text '1.5'"],
    ['<Expiration><Days/></Expiration>', "'Days' must be a whole number, not the text ''"],
    ['<Expiration><Days>9999999999</Days></Expiration>', "'Days' must be at most 2147483647, not 9999999999"],
    [
      '<Expiration><ExpiredObjectDeleteMarker>yes</ExpiredObjectDeleteMarker></Expiration>',
      "'ExpiredObjectDeleteMarker' must be true or false, not the text 'yes'",
    ],
    ['<Transition><Days>30</Days></Transition>', "'StorageClass' of a Transition is missing"],
    ['<Expiration><Date>tomorrow</Date></Expiration>', "'Date' must be like 2025-01-01T00:00:00Z, but is 'tomorrow'"],
  ])('%s: as malformed', (action, words) => {
    expect(printed(rule(minimal + action))).toEqual([`life.xml:1: rule 'rule 1': ${MALFORMED}: ${words}`]);
  });

  it('has no rules', () => {
    expect(printed('\n<LifecycleConfiguration/>')).toEqual([
      'life.xml:2: InvalidRequest: At least one lifecycle rule must be specified.',
    ]);
  });

  it('is nested without end', () => {
    expect(printed('<a>'.repeat(200_000))).toEqual([`life.xml: ${MALFORMED}: its elements are nested too deeply`]);
    const deep = `<ID>${'<a>'.repeat(2000)}${'</a>'.repeat(2000)}</ID>`;
    expect(printed(rule(deep))[0]).toContain('<ID> must hold text, not <a>');
  });

  it('shows what is hostile in it harmlessly', () => {
    const [message] = printed(rule(`<ID>&#x202e;\u0085</ID>${minimal}`));
    expect(message).toBe(
      "life.xml:1: rule '\\u{202e}\\u{85}': InvalidRequest: At least one action needs to be specified in a rule",
    );
  });
});

/** A field of the JSON as elements of the XML: lists repeat their element. */
function xmlOf(name: string, value: unknown): string {
  const singular: Readonly<Record<string, string>> = {
    Rules: 'Rule',
    Tags: 'Tag',
    Transitions: 'Transition',
    NoncurrentVersionTransitions: 'NoncurrentVersionTransition',
  };
  if (Array.isArray(value)) return value.map((item) => xmlOf(singular[name]!, item)).join('');
  const content =
    typeof value === 'object' && value !== null
      ? Object.entries(value)
          .map(([field, inner]) => xmlOf(field, inner))
          .join('\n  ')
      : String(value).replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<${name}>${content}</${name}>`;
}

describe('for anything at all', () => {
  it('a configuration that is accepted as JSON is accepted as XML, and is the same', () => {
    fc.assert(
      fc.property(acceptedRules, (Rules) => {
        const xml = xmlOf('LifecycleConfiguration', { Rules });
        expect(read(xml)).toEqual(read(JSON.stringify({ Rules })));
      }),
    );
  });

  it('a text gives a document or says what is wrong, and never throws', () => {
    const pieces = fc.constantFrom(
      ...['<', '</', '/>', '>', '<!--', '-->', '<![CDATA[', ']]>', '<?', '?>', '&', ';', '"', '=', '\n', ' ', '\u0000'],
      ...['LifecycleConfiguration', 'Rule', 'ID', 'Filter', 'Days', '30', 'And', 'Tag', '__proto__', 'constructor'],
      ...['<LifecycleConfiguration>', '</LifecycleConfiguration>', '<Rule>', '</Rule>', '<Filter/>', '\u{1f600}'],
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 40 }), (list) => {
        const { document, diagnostics } = readPolicyDocument(`<${list.join('')}`);
        expect(document !== undefined || diagnostics.length > 0).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('elements of any name and place give a document or say what is wrong', () => {
    const names = fc.constantFrom('Rule', 'ID', 'Filter', 'And', 'Tag', 'Prefix', 'Transition', 'Days', 'constructor');
    const { element } = fc.letrec<{ element: string }>((tie) => ({
      element: fc
        .tuple(names, fc.oneof(fc.constantFrom('', '1', '-1', 'x'), fc.array(tie('element'), { maxLength: 4 })))
        .map(([name, inner]) => `<${name}>${typeof inner === 'string' ? inner : inner.join('')}</${name}>`),
    }));
    fc.assert(
      fc.property(fc.array(element, { maxLength: 4 }), (list) => {
        const { diagnostics } = readPolicyDocument(`<LifecycleConfiguration>${list.join('')}</LifecycleConfiguration>`);
        expect(diagnostics.length).toBeGreaterThan(0);
      }),
    );
  });

  it('JSON of any form gives a document or says what is wrong', () => {
    const key = fc.constantFrom(
      'Rules',
      'Filter',
      'And',
      'Tags',
      'Tag',
      'Transitions',
      'Days',
      'ID',
      '__proto__',
      'lifecycle',
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom<unknown>(null, true, 0, -1, 1e300, '', 'Enabled'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      ),
    }));
    fc.assert(
      fc.property(value, (content) => {
        const { document, diagnostics } = readPolicyDocument(JSON.stringify(content));
        expect(document !== undefined || diagnostics.length > 0).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
