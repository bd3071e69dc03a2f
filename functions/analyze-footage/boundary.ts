/** Where one shot gives way to the next: all at once, or over the frames from `first` to `last`. */
export interface Boundary {
  /** First frame of the new shot; the middle of a gradual change. */
  frame: number;
  opens: 'cut' | 'gradual';
  first: number;
  last: number;
}
