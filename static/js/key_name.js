/* KeyName: how a pressed key is called, in keys.js and by whoever listens. Pure. */

/** The name under which a pressed key is listed. */
export function keyName({ key, ctrlKey, metaKey }) {
  return ctrlKey || metaKey ? `Ctrl ${key.toLowerCase()}` : key;
}
