/** JSON read field by field: every refusal names the file, the place in it and the offending text. */
import { InputError, quoted, quotedValue } from '../model/diagnostic.ts';

/** A value of the file and where it stands in it. */
export interface Field {
  readonly value: unknown;
  readonly path: string;
  readonly file: string | undefined;
}

export function fields<Needed extends string, Optional extends string = never>(
  field: Field,
  needed: readonly Needed[],
  optional: readonly Optional[] = [],
): Record<Needed, Field> & Partial<Record<Optional, Field>> {
  const value = object(field);
  for (const name of Object.keys(value)) {
    if (![...needed, ...optional].includes(name as Needed)) refuse(field, `has an unknown field ${quoted(name)}`);
  }
  const missing = needed.find((name) => value[name] === undefined);
  if (missing) refuse(field, `has no field '${missing}'`);
  const named = Object.keys(value).map((name) => [name, member(field, name)] as const);
  return Object.fromEntries(named) as Record<Needed, Field> & Partial<Record<Optional, Field>>;
}

/** A member of an object. */
export function member(field: Field, name: string): Field {
  const path = field.path === '' ? name : `${field.path}.${name}`;
  return { ...field, value: object(field)[name], path };
}

export function items(field: Field): Field[] {
  if (!Array.isArray(field.value)) refuse(field, `${shown(field.value)} is not a list`);
  return (field.value as unknown[]).map((value, index) => ({ ...field, value, path: `${field.path}[${index}]` }));
}

export function object(field: Field): Record<string, unknown> {
  const { value } = field;
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(field, `${shown(value)} is not an object`);
  return value as Record<string, unknown>;
}

export function textLike(field: Field, pattern: RegExp, expected: string): string {
  const value = field.value;
  if (typeof value !== 'string' || !pattern.test(value)) refuse(field, `${shown(value)} is not ${expected}`);
  return value as string;
}

export function text(field: Field): string {
  return textLike(field, /\S/, 'a text');
}

/** A day of the calendar, `2024-09-25`. */
export function dateIn(field: Field): string {
  const date = textLike(field, /^\d{4}-\d{2}-\d{2}$/, 'a date such as 2024-09-25');
  if (!isDay(date)) refuse(field, `${quoted(date)} is not a day`);
  return date;
}

function isDay(date: string): boolean {
  const time = Date.parse(`${date}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date);
}

function shown(value: unknown): string {
  return typeof value === 'string' ? quoted(value) : `${typeof value} ${quotedValue(value)}`;
}

export function refuse({ path, file }: Field, message: string): never {
  throw new InputError([
    {
      severity: 'error',
      message: `price list: ${path === '' ? '' : `${path}: `}${message}`,
      where: file ? { file } : {},
    },
  ]);
}
