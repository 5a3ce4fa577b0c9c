/* Tidy: everything is placed afresh, for everybody, because somebody asked for it. A part of the graph page (parts.js). */
import { post } from "./post.js";
import { t } from "./text.js";

export function tidy({ config, state, keys, undo }) {
  /** How many nodes have moved; the delta with their places comes to everybody. */
  const ask = async (address, view) => {
    const answer = await post(address, { view });
    if (!answer.ok) throw new Error(t("answered {status}", { status: answer.status }));
    return (await answer.json()).moved;
  };
  const orSay = (does) => does().catch(({ message }) => t("The places could not be changed: {why}.", { why: message }));
  const held = () => (state.paused ? ` ${t("This page is paused and shows it when it goes on.")}` : "");

  const takeBack = async (view) => (await ask(config.take_back, view) ? t("Everything is back where it was.") + held() : t("Nothing to take back."));
  const begin = async (view) => {
    if (!await ask(config.tidy, view)) return t("Everything is tidy already.");
    undo.offer(t("Tidied.") + held(), () => orSay(() => takeBack(view)));
    return "";
  };
  keys.g = async () => {
    const said = await orSay(() => begin(state.view));
    if (said) undo.say(said);
  };
  document.getElementById("tidy").addEventListener("click", keys.g);
}
