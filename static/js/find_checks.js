/* FindChecks: comparisons of the find language, refused where they say nothing. */
import { NUMBERS, STATES, numberOf } from "./find_fields.js";
import { t } from "./text.js";

/** What is wrong, and where: at … end in the text. */
export class FindError extends Error {
  constructor(message, { at, end }) {
    super(message);
    Object.assign(this, { at, end });
  }
}

/** `err > 1%`; word: the value, where an error is shown. */
export function numberTest(field, op, word) {
  const { unit } = NUMBERS[field], value = numberOf(word.text, unit), example = unit === "ms" ? "200ms" : `5${unit}`;
  if (value === null) throw new FindError(t("expected a number such as {example}, found “{text}”", { example, text: word.text }), word);
  if (!["=", "!=", ">", ">=", "<", "<="].includes(op)) throw new FindError(t("{field} is a number: use >, >=, <, <=, = or !=", { field }), word);
  return { is: "number", field, op, value };
}

/** `name ~ pay`; value: the word behind the operator; word: the field, where an error is shown. */
export function textTest(field, op, value, word) {
  if (!["=", "!=", "~", "!~"].includes(op)) throw new FindError(t("{field} is a text: use =, !=, ~ or !~", { field }), word);
  if (field === "state" && !STATES.includes(value.text)) throw new FindError(t("no state “{text}”; there are {states}", { text: value.text, states: STATES.join(", ") }), value);
  return { is: "text", field, op, values: [value.text] };
}
