/*
 * Parts: what the graph page can do beyond drawing, each in a file of its own. A part is a function that is given the page
 * once, before anything is shown: {config, state, graph, stage, tree, finding, feed, panel, select(id), filter(changes),
 * refilter({fit}), rebuild(), keys, followers}.
 *
 * It may add to keys (key → what it does) and to followers, which are called with {alive, beat} whenever lists and chip are
 * shown anew, four times a second.
 */

export const PARTS = [];
