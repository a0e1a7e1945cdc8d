import { open, stat } from 'node:fs/promises';
import { InputError, quoted } from '../model/diagnostic.ts';

/** What a file is, by its first bytes. */
type Container = 'plain' | 'gzip' | 'zstd' | 'parquet';

export interface InputFile {
  /** Where it is read. */
  readonly path: string;
  /** As the user named it. */
  readonly name: string;
  readonly container: Container;
  readonly bytes: number;
}

const MAGIC: readonly (readonly [Container, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['parquet', [0x50, 0x41, 0x52, 0x31]],
];

/**
 * Looks at a file before it is read.
 * @throws InputError for what cannot be an input: absent, a directory, empty, binary
 */
export async function inspectInput(path: string, name: string = path): Promise<InputFile> {
  const problem = (message: string): InputError =>
    new InputError([{ severity: 'error', message, where: { file: name } }]);
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw problem(error.code === 'ENOENT' ? 'there is no such file' : error.message);
  });
  if (facts.isDirectory()) throw problem(`this is a directory; name its files, for example ${quoted(`${name}/*.csv`)}`);
  if (facts.size === 0) throw problem('the file is empty');
  const head = Buffer.alloc(4096);
  const file = await open(path, 'r').catch((error: Error) => {
    throw problem(error.message);
  });
  const { bytesRead } = await file.read(head, 0, head.length, 0).finally(() => file.close());
  const start = head.subarray(0, bytesRead);
  const container = MAGIC.find(([, magic]) => magic.every((byte, i) => start[i] === byte))?.[0] ?? 'plain';
  if (container === 'plain') {
    if (start[0] === 0xff && start[1] === 0xfe) throw problem('the text is UTF-16; save it as UTF-8');
    const zero = start.indexOf(0);
    if (zero >= 0) throw problem(`this is a binary file (a zero byte at offset ${zero}), neither CSV nor Parquet`);
  }
  return { path, name, container, bytes: facts.size };
}
