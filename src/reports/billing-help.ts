/** What `tiercast help billing` prints: every rule with its source and its test, and every assumption with its effect. */
import { assumptions, DEFAULT_SWITCHES, SWITCHES } from '../model/assumptions.ts';
import { BILLING_RULES } from '../model/billing-rules.ts';

const WIDTH = 96;

export function renderBillingHelp(): string {
  const rules = BILLING_RULES.flatMap(({ text, page, test: [file, name] }) => [
    ...wrapped(`* ${text}`),
    `  ${page}`,
    ...wrapped(`  held by ${file}: ${name}`),
    '',
  ]);
  const open = assumptions(DEFAULT_SWITCHES).flatMap(({ name, choice, text, effect }) => [
    `* ${name}: ${choice}${choicesOf(name)}`,
    ...wrapped(`  ${text}`),
    ...wrapped(`  Effect: ${effect}.`),
    '',
  ]);
  return [
    'What is billed, and how',
    '',
    ...rules,
    'What AWS leaves open, and what is assumed',
    '',
    ...open,
    'Prices: tiercast prices --region REGION names the source of each.',
    '',
  ].join('\n');
}

function choicesOf(name: string): string {
  const found = (SWITCHES as Readonly<Record<string, { readonly choices: readonly string[] }>>)[name];
  return found ? ` (--assume ${name}=${found.choices.join('|')})` : '';
}

/** Text in lines of at most {@link WIDTH} characters, the later ones indented. */
function wrapped(text: string): string[] {
  const lines = [''];
  const indent = '  ';
  for (const word of text.split(/(?<=\S) /)) {
    const line = lines[lines.length - 1]!;
    if (line !== '' && line.length + 1 + word.length > WIDTH) lines.push(`${indent}${word}`);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
