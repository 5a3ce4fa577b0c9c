/* Post: ask the server to change something, as this page may. */

/** Send fields as a form; answers the response. Throws when there is none. */
export function post(address, fields) {
  // The page's own token, as htmx sends it.
  const headers = JSON.parse(document.body.getAttribute("hx-headers"));
  return fetch(address, { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
}
