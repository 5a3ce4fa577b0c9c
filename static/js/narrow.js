/* Narrow: whether the list is the page, as phone.css has it. */

export const NARROW = matchMedia("(max-width: 640px)");
