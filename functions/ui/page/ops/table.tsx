import type { ComponentChildren } from 'preact';

/** What a phone is wide enough for. */
const MOST_COLUMNS = 4;

interface Row {
  name: string;
  cells: readonly string[];
  /** Whether it needs somebody's eye. */
  isMarked?: boolean;
}

/** Names and their numbers, under a title. */
export function Table(props: {
  id: string;
  title: string;
  heads: readonly string[];
  rows: readonly Row[];
  children?: ComponentChildren;
}) {
  const { id, title, heads, rows, children } = props;
  return (
    <section class="ops-part" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <table class={`ops-table numbers${heads.length > MOST_COLUMNS ? ' ops-wide' : ''}`}>
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ name, cells, isMarked }) => (
            <tr key={name} class={isMarked ? 'ops-marked' : undefined}>
              <th scope="row">{name}</th>
              {cells.map((cell, i) => (
                <td key={heads[i + 1]} data-head={heads[i + 1]}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {children}
    </section>
  );
}
