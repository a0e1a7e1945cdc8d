import { mkdir, writeFile } from 'node:fs/promises';
import { writeAtomically } from './atomic-file.ts';

/**
 * Writes texts, each file whole or not at all.
 * @param folder is made where it is not there
 * @throws InputError when the file system refuses
 */
export async function writeTexts(
  files: readonly { readonly path: string; readonly text: string }[],
  folder?: string,
): Promise<void> {
  if (folder !== undefined) await mkdir(folder, { recursive: true });
  for (const { path, text } of files) await writeAtomically(path, (temporary) => writeFile(temporary, text));
}
