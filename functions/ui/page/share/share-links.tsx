import { useState } from 'preact/hooks';
import { SHARE_HOURS, type ShownShare } from '../../../../shared/shares.ts';
import { useGoOnBeside } from '../go-on-beside.ts';
import { watched } from '../make/watching.ts';
import { Panel } from '../panel.tsx';
import { ShownOnce } from '../shown-once.tsx';
import { locale, words } from '../words/language.ts';
import { isMaking, LASTING_HOURS, links, linksOpen, linkTrouble, makeLink, newLink, revoke } from './links.ts';
import './share-links.css';

/** The links that show this montage to others: another one, and those that there are. */
export function ShareLinks() {
  const said = words.value;
  const [hours, setHours] = useState<number>(SHARE_HOURS.usual);
  const revision = watched.value?.status?.finishedRevision ?? null;
  const made = newLink.value;
  const known = links.value;
  return (
    <Panel open={linksOpen} title={said.share}>
      <p class="quiet">{said.shareHint}</p>
      {revision !== null && (
        <form
          class="share-make"
          onSubmit={(event) => {
            event.preventDefault();
            if (!isMaking.value) void makeLink(revision, hours);
          }}
        >
          <label>
            {said.shareFor}
            <select value={hours} onChange={({ currentTarget }) => setHours(Number(currentTarget.value))}>
              {LASTING_HOURS.map((each) => (
                <option key={each} value={each}>
                  {said.shareDurations[each]}
                </option>
              ))}
            </select>
          </label>
          {/* Said to be off rather than off, so that whoever pressed it stays there until the link is. */}
          <button type="submit" class="plain" aria-disabled={isMaking.value}>
            {isMaking.value ? said.makingLink : said.makeLink}
          </button>
        </form>
      )}
      {linkTrouble.value && <p role="alert">{linkTrouble.value}</p>}
      {made && <ShownOnce key={made.id} name={said.newLink} text={`${location.origin}${made.path}`} />}
      <h3>{said.links}</h3>
      {known === null && !linkTrouble.value && <p class="quiet">{said.loading}</p>}
      {known?.length === 0 && <p class="quiet">{said.noLinks}</p>}
      {known && known.length > 0 && (
        <ul class="share-links">
          {known.map((link) => (
            <Link key={link.id} link={link} isOlder={link.revision !== revision} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Link({ link, isOlder }: { link: ShownShare; isOlder: boolean }) {
  const said = words.value;
  const { id, createdAt, expiresAt } = link;
  const when = new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeStyle: 'short' });
  const made = when.format(new Date(createdAt));
  const item = useGoOnBeside('button');
  return (
    <li ref={item} class="share-link">
      <span>
        <time class="numbers" dateTime={expiresAt}>
          {said.linkUntil(when.format(new Date(expiresAt)))}
        </time>
        <span class="quiet small numbers">
          {[said.linkMade(made), isOlder && said.linkOlder].filter(Boolean).join(' · ')}
        </span>
      </span>
      <button type="button" class="plain" aria-label={said.revokeLink(made)} onClick={() => revoke(id)}>
        {said.revoke}
      </button>
    </li>
  );
}
