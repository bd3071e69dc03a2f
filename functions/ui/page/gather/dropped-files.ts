import { type Origin, rootOf } from './file-origin.ts';
import type { Dropped } from './sorting.ts';

/** Everything that was dropped, folders walked through. */
export async function droppedFiles(transfer: DataTransfer): Promise<Dropped<File>[]> {
  // The list is empty once this function has waited for anything, so all entries are taken first.
  const entries = [...transfer.items].flatMap((item) => {
    const entry = item.webkitGetAsEntry() ?? item.getAsFile();
    return entry ? [{ entry, root: rootOf(item) }] : [];
  });
  const found = await Promise.all(
    entries.map(async ({ entry, root }) =>
      entry instanceof File ? [{ path: entry.name, file: entry }] : within(entry, await root),
    ),
  );
  return found.flat();
}

/** Everything that was picked by a button. */
export const pickedFiles = (list: FileList): Dropped<File>[] =>
  [...list].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

async function within(entry: FileSystemEntry, root: FileSystemHandle | null): Promise<Dropped<File>[]> {
  const path = entry.fullPath.replace(/^\//, '');
  if (isFile(entry)) {
    const file = await new Promise<File | null>((resolve) => entry.file(resolve, () => resolve(null)));
    const origin: Origin | null = root && { root, path: path.split('/').slice(1) };
    return file ? [{ path, file, ...(origin && { origin }) }] : [];
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  const all: FileSystemEntry[] = [];
  // A reader gives a hundred at a time, and none when there are no more.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (some.length === 0) break;
    all.push(...some);
  }
  const sorted = all.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
  return (await Promise.all(sorted.map((each) => within(each, root)))).flat();
}

const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
