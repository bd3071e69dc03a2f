/** Where a file was dropped from, as far as a browser tells: what it can be read from again when the page was opened anew. */
export interface Origin {
  /** The file itself, or the folder that was dropped. */
  readonly root: FileSystemHandle;
  /** Names on the way from the folder to the file. */
  readonly path: readonly string[];
}

interface Asking {
  queryPermission?(wish: { mode: 'read' }): Promise<PermissionState>;
  requestPermission?(wish: { mode: 'read' }): Promise<PermissionState>;
}

/** What a dropped thing can be read from again; null where the browser doesn't tell. Only while it is being dropped. */
export function rootOf(item: DataTransferItem): Promise<FileSystemHandle | null> {
  // Over plain HTTP Chromium has it too, and ends the whole page that calls it.
  if (!isSecureContext) return Promise.resolve(null);
  const { getAsFileSystemHandle } = item as { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> };
  return getAsFileSystemHandle?.call(item).catch(() => null) ?? Promise.resolve(null);
}

/** Whether a person lets the page read it; `ask` asks them, which takes a click of theirs. */
export async function mayRead(root: FileSystemHandle, ask: boolean): Promise<boolean> {
  const { queryPermission, requestPermission } = root as Asking;
  const permission = ask ? requestPermission : queryPermission;
  return (await permission?.call(root, { mode: 'read' }).catch(() => 'denied')) === 'granted';
}

/** The file as it is now; null where it has gone, or may not be read. */
export async function fileAt({ root, path }: Origin): Promise<File | null> {
  try {
    let folder = root;
    for (const name of path.slice(0, -1)) folder = await (folder as FileSystemDirectoryHandle).getDirectoryHandle(name);
    const last = path.at(-1);
    const file = last === undefined ? folder : await (folder as FileSystemDirectoryHandle).getFileHandle(last);
    return await (file as FileSystemFileHandle).getFile();
  } catch {
    return null;
  }
}
