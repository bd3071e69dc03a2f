import { HEIGHT, type Picture, WIDTH, wave } from './picture.ts';

/** A ride through a glowing pipe: rings of light rush by, faster and slower, and the walls turn. */
export function tunnel(picture: Picture, seconds: number): void {
  const centreX = WIDTH / 2 + 70 * Math.sin(seconds * 0.9);
  const centreY = HEIGHT / 2 + 34 * Math.sin(seconds * 1.3 + 1);
  const travelled = 3.1 * seconds + 0.75 * Math.sin(seconds * 2.1);
  const turned = 0.5 * seconds + 0.5 * Math.sin(seconds * 0.7);
  for (let y = 0; y < HEIGHT; y++) {
    const dy = y - centreY;
    for (let x = 0; x < WIDTH; x++) {
      const dx = x - centreX;
      const distance = Math.sqrt(dx * dx + dy * dy) + 2;
      const depth = 78 / distance;
      const angle = Math.atan2(dy, dx) + turned + 0.5 * wave(depth * 0.7 - seconds);
      const along = depth * 1.7 + travelled;
      const ring = wave(along * Math.PI * 2) * 0.5 + 0.5;
      const rib = wave(angle * 8 + wave(along * 1.3) * 1.6) * 0.5 + 0.5;
      const ring2 = ring * ring;
      const rib2 = rib * rib;
      const wall = ring2 * ring2 * ring2 * 1.5 + rib2 * rib2 * 0.6 + ring * rib * 0.25;
      const fog = 1 / (1 + depth * depth * 0.09);
      const light = wall * fog * 1.1;
      const hue = along * 0.55 + angle;
      const core = 160 / (distance * distance + 60);
      const at = (y * WIDTH + x) * 3;
      picture[at] = light * (0.55 + 0.45 * wave(hue)) + core * 0.8 + 0.006;
      picture[at + 1] = light * (0.3 + 0.28 * wave(hue + 2.3)) + core * 0.9 + 0.004;
      picture[at + 2] = light * (0.62 + 0.38 * wave(hue + 3.9)) + core + 0.018;
    }
  }
}
