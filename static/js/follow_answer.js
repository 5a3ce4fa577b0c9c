/* FollowAnswer: what the server says of a followed request, asked again for as long as more of it may come. */
import { t } from "./text.js";

/** What still runs is looked at again so often; what has ended, in case more of it comes. */
const EVERY_MS = 2000, ENDED_EVERY_MS = 10_000;
const EMPTY = { hops: [], lines: [], newest: [] };

export class FollowAnswer {
  /** What it said last, null for nothing yet; how often it said something else. */
  told = null;
  news = 0;

  #asked = ""; #askedAt = 0; #heard = "";

  /** Ask when it is due. prepare(): a promise of what is needed to show it. */
  look(address, prepare) {
    if (address !== this.#asked) [this.told, this.news] = [null, this.news + 1];
    const every = this.told?.hops.some(({ status }) => status === "running") ? EVERY_MS : ENDED_EVERY_MS;
    if (address !== this.#asked || (!document.hidden && performance.now() - this.#askedAt > every)) this.#ask(address, prepare);
  }

  /** Nothing is asked any more. */
  forget() {
    [this.told, this.#asked, this.news] = [null, "", this.news + 1];
  }

  async #ask(address, prepare) {
    [this.#asked, this.#askedAt] = [address, performance.now()];
    let text = JSON.stringify({ why: t("The server does not answer.") });
    try {
      await prepare();
      const answer = await (await fetch(address)).text();
      JSON.parse(answer);
      text = answer;
    } catch {
      if (this.told) return;
    }
    // A list that is the same stays as it is, with what has the focus in it.
    if (this.#asked !== address || (this.told && text === this.#heard)) return;
    [this.told, this.#heard, this.news] = [{ ...EMPTY, ...JSON.parse(text) }, text, this.news + 1];
  }
}
