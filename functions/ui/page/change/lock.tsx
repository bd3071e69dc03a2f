/** The mark of a cut that is locked; what is beside it says so in words. */
export const Lock = () => (
  <svg class="lock" viewBox="0 0 12 14" aria-hidden="true">
    <path d="M3 6V4a3 3 0 0 1 6 0v2h1.5v7h-9V6Zm1.6 0h2.8V4a1.4 1.4 0 0 0-2.8 0Z" />
  </svg>
);
