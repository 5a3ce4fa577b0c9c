/* Answered: what the server tells under an address, or why it does not. */
import { t } from "./text.js";

/** JSON, or {why}; {why, isAway} where nothing came at all: then it is worth asking again. */
export async function answered(address) {
  try {
    return await (await fetch(address)).json();
  } catch {
    // Away, or signed out.
    return { why: t("The server does not answer."), isAway: true };
  }
}

/** Asks for one thing at a time: of what is asked for meanwhile only the last. */
export class Asking {
  #onAnswer; #wanted = null; #isBusy = false;

  /** onAnswer(told, what): of what nobody has forgotten. */
  constructor(onAnswer) {
    this.#onAnswer = onAnswer;
  }

  async ask(address, what) {
    this.#wanted = { address, what };
    if (this.#isBusy) return;
    this.#isBusy = true;
    while (this.#wanted) {
      const one = this.#wanted, told = await answered(one.address);
      if (this.#wanted !== one) continue;
      this.forget();
      this.#onAnswer(told, one.what);
    }
    this.#isBusy = false;
  }

  /** Whether an answer is still wanted. */
  get isAway() {
    return this.#wanted !== null;
  }

  /** No answer is wanted any more. */
  forget() {
    this.#wanted = null;
  }
}
