/** Copies what a field holds; false where the browser lets no page do so, as over plain HTTP: then it is selected, to be copied by hand. */
export async function copy(field: HTMLTextAreaElement): Promise<boolean> {
  field.focus();
  field.select();
  try {
    // Only there under HTTPS and on this very machine.
    const clipboard: Clipboard | undefined = navigator.clipboard;
    await clipboard?.writeText(field.value);
    return clipboard !== undefined;
  } catch {
    return false;
  }
}
