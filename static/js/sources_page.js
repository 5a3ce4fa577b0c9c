/*
 * SourcesPage: what the page about sources does beyond htmx. Its part is swapped every two seconds: nothing of that may
 * take a text that is being marked out of the reader's hand, or move what was scrolled sideways.
 */
const SCROLLED = "#sources .sheet, #sources pre";
let places = new Map();

const part = () => document.getElementById("sources");
const isMarking = () => {
  const selection = document.getSelection();
  return !selection.isCollapsed && part().contains(selection.anchorNode);
};

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.id === "sources" && (document.hidden || isMarking())) event.preventDefault();
});
document.body.addEventListener("htmx:beforeSwap", () => {
  places = new Map([...document.querySelectorAll(SCROLLED)].map((element, at) => [element.id || at, [element.scrollLeft, element.scrollTop]]));
});
document.body.addEventListener("htmx:afterSwap", () => {
  for (const [at, element] of [...document.querySelectorAll(SCROLLED)].entries()) {
    [element.scrollLeft, element.scrollTop] = places.get(element.id || at) ?? [0, 0];
  }
});
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, select, textarea");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  document.getElementById("find-words").select();
});
