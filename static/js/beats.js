/* Beats (a part): how the apps did in the last quarter of an hour, fetched while cards show it. */

const EVERY_MS = 30_000;

export function beats({ config, stage, followers }) {
  let askedAt = -Infinity;
  followers.push(async ({ live }) => {
    const now = performance.now();
    if (!config.beats || !live || document.hidden || !stage.scene.folded.size || now - askedAt < EVERY_MS) return;
    askedAt = now;
    try {
      const answer = await fetch(config.beats);
      if (!answer.ok) return;
      stage.scene.beats = new Map(Object.entries((await answer.json()).apps));
      stage.redraw();
    } catch {
      // The chip says that the server is away; what stands on the cards is kept.
    }
  });
}
