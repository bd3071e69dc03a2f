/** Something with a package.json of its own. */
interface Place {
  folder: string;
  what: string;
}
export const upscaling: Place;
/** Installs what a place's package-lock.json names, when it isn't there yet; ends the process where that can't be done. */
export function ensureInstalled(needs: { tests: boolean; place?: Place }): void;
