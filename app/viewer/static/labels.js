/** The letters over the heads of two persons, in the colours of their bodies; one person has none. */

const EDGE_PX = 6;
const FOOT_PX = 48; // kept free for the caption and notes at the bottom

export class Labels {
  /** root: the element over the canvas to fill.  tools: the controls that no letter may cover. */
  constructor(root, tools, stage) {
    Object.assign(this, { root, tools, stage, labels: [] });
  }

  /** Make those of the persons on stage; to be called when the bodies were swapped. */
  show() {
    this.labels = this.stage.pair.map((person) => {
      const node = document.createElement('span');
      node.className = 'kt-letter';
      node.textContent = person.name;
      node.style.background = person.color.clone().convertLinearToSRGB().getStyle();
      return { person, node };
    });
    this.root.replaceChildren(...this.labels.map(({ node }) => node));
  }

  /** Put them where the last drawn picture has the heads. */
  place() {
    if (!this.labels.length) return;
    const { clientWidth: width, clientHeight: height } = this.root;
    const size = this.labels[0].node.offsetWidth;
    const top = this.tools.offsetTop + this.tools.offsetHeight + EDGE_PX;
    const places = this.labels.map(({ person }) => {
      const at = this.stage.overHead(person);
      if (!at || at[0] < 0 || at[0] > width) return null;
      return [at[0] - size / 2, Math.max(top, Math.min(height - FOOT_PX - size, at[1] - size))];
    });
    this.keepApart(places, size + 2);
    this.labels.forEach(({ node }, i) => {
      node.style.visibility = places[i] ? '' : 'hidden';
      if (places[i]) node.style.transform = `translate(${places[i].map((p) => `${p.toFixed(1)}px`).join(', ')})`;
    });
  }

  /** Where heads are close, the letters give way to the left and to the right. */
  keepApart(places, least) {
    const [a, b] = places;
    if (!a || !b || Math.abs(a[1] - b[1]) >= least || Math.abs(a[0] - b[0]) >= least) return;
    const middle = (a[0] + b[0]) / 2;
    const side = a[0] <= b[0] ? least / 2 : -least / 2;
    [a[0], b[0]] = [middle - side, middle + side];
  }
}
