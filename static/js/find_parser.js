/*
 * FindParser: the find language. `err>1% and name~pay`, `wait.p95>5s`, `app in (a, b)`, `upstream(of) depth 2`,
 * `!active`; words without an operator match names fuzzily, words beside each other must all match.
 */
import { FindError, numberTest, textTest } from "./find_checks.js";
import { FLAGS, NUMBERS, TEXTS } from "./find_fields.js";
import { findWords } from "./find_words.js";
import { t } from "./text.js";

export const WAYS = ["upstream", "downstream", "around"];

/**
 * The tree of an expression; null for an empty one.
 *
 * {is: "and" | "or", parts} | {is: "not", part} | {is: "fuzzy", text} | {is: "flag", name} | {is: "text", field, op, values}
 * | {is: "number", field, op, value} | {is: "way", way, text, depth}. Throws a FindError.
 */
export function parseFind(text) {
  const words = findWords(text), parser = new Parser(words, text.length);
  return words.length ? parser.whole() : null;
}

class Parser {
  #words; #place = 0; #end;

  constructor(words, length) {
    this.#words = words;
    this.#end = { at: length, end: length, text: "", kind: "end" };
  }

  whole() {
    const tree = this.#or(), rest = this.#next;
    if (rest.kind !== "end") throw new FindError(t("expected and, or, or the end, found “{text}”", { text: rest.text }), rest);
    return tree;
  }

  get #next() { return this.#words[this.#place] ?? this.#end; }

  #take(expected, test) {
    const word = this.#next;
    if (word.kind === "end" || !test(word)) throw new FindError(word.text ? t("expected {what}, found “{text}”", { what: expected, text: word.text }) : t("expected {what}", { what: expected }), word);
    this.#place++;
    return word;
  }

  #mark(text) {
    this.#take(text, (word) => word.kind === "mark" && word.text === text);
  }

  #isWord(text) { return this.#next.kind === "word" && this.#next.text.toLowerCase() === text; }

  #or() {
    const parts = [this.#and()];
    while (this.#isWord("or")) this.#place++, parts.push(this.#and());
    return parts.length > 1 ? { is: "or", parts } : parts[0];
  }

  #and() {
    const parts = [this.#not()];
    for (;;) {
      if (this.#isWord("and")) this.#place++;
      else if (this.#next.kind === "end" || this.#isWord("or") || (this.#next.kind === "mark" && ",)".includes(this.#next.text))) break;
      parts.push(this.#not());
    }
    return parts.length > 1 ? { is: "and", parts } : parts[0];
  }

  #not() {
    const word = this.#next;
    if (!this.#isWord("not") && !(word.kind === "mark" && word.text === "!")) return this.#one();
    this.#place++;
    return { is: "not", part: this.#not() };
  }

  #one() {
    if (this.#next.kind === "mark" && this.#next.text === "(") {
      this.#place++;
      const tree = this.#or();
      this.#mark(")");
      return tree;
    }
    const word = this.#take(t("a name or a field"), isName), name = word.text.toLowerCase();
    if (word.kind === "quoted") return { is: "fuzzy", text: word.text };
    if (WAYS.includes(name) && this.#next.text === "(") return this.#way(name);
    if (this.#next.kind === "op" || this.#isWord("in")) return this.#comparison(word, name);
    return name in FLAGS ? { is: "flag", name } : { is: "fuzzy", text: word.text };
  }

  #way(way) {
    this.#mark("(");
    const { text } = this.#take(t("a name"), isName);
    this.#mark(")");
    if (!this.#isWord("depth")) return { is: "way", way, text, depth: way === "around" ? 1 : Infinity };
    this.#place++;
    const depth = this.#take(t("a number of hops"), (word) => /^\d{1,3}$/.test(word.text));
    return { is: "way", way, text, depth: Number(depth.text) };
  }

  #comparison(word, field) {
    const op = this.#next.text.toLowerCase().replace(":", "=");
    this.#place++;
    if (Object.hasOwn(NUMBERS, field)) return numberTest(field, op, this.#value());
    if (!Object.hasOwn(TEXTS, field)) throw new FindError(t("no field “{text}”; there are {fields}", { text: word.text, fields: [...Object.keys(TEXTS), ...Object.keys(NUMBERS)].join(", ") }), word);
    return op === "in" ? { is: "text", field, op: "=", values: this.#list() } : textTest(field, op, this.#value(), word);
  }

  #list() {
    const values = [];
    this.#mark("(");
    do values.push(this.#value().text); while (this.#next.text === "," && ++this.#place);
    this.#mark(")");
    return values;
  }

  #value() { return this.#take(t("a value"), ({ kind }) => kind === "word" || kind === "quoted"); }
}

function isName({ kind, text }) {
  return kind === "quoted" || (kind === "word" && !["and", "or"].includes(text.toLowerCase()));
}
