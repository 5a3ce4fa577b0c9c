/* ChartScale: round numbers for the axes of charts. Pure. */

/** The next round number: 1, 2 or 5 and zeros; 1 of nothing. */
export function roundUp(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value) + 1e-9);
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value * (1 - 1e-9));
}

/** Round numbers in [from, to] for a logarithmic scale: of a short one 1, 2, 5, 10 …, of a longer one powers of ten, at most so many. */
export function logTicks(from, to, most) {
  const tens = decades(from / 10, to, Infinity), fine = tens.flatMap((ten) => [ten, 2 * ten, 5 * ten]).filter((value) => value >= from && value <= to);
  return fine.length <= most ? fine : decades(from, to, most);
}

function decades(from, to, most) {
  const [first, last] = [Math.ceil(Math.log10(from) - 1e-9), Math.floor(Math.log10(to) + 1e-9)];
  const step = Math.max(1, Math.ceil((last - first + 1) / most)), found = [];
  for (let power = first; power <= last; power += step) found.push(10 ** power);
  return found;
}

/** The unix seconds in (startS, endS] at which a clock shows full steps, in the reader's time zone. */
export function clockTicks(startS, endS, stepS) {
  const zoneS = -60 * new Date(endS * 1000).getTimezoneOffset(), found = [];
  for (let at = Math.ceil((startS + zoneS) / stepS) * stepS - zoneS; at <= endS; at += stepS) if (at > startS) found.push(at);
  return found;
}
