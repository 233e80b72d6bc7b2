/** How a BVH file is to be written: folded away under the formats, because most people need none of it. */

const OPTIONS = {
  names: ['Joint names', [['mixamo', 'Mixamo'], ['unreal', 'Unreal'], ['smpl', 'SMPL']]],
  fps: ['Frame rate', [['', 'as it is'], ['24', '24'], ['25', '25'], ['30', '30'], ['60', '60']]],
  units: ['Units', [['cm', 'centimetres'], ['m', 'metres']]],
  up: ['Up axis', [['y', 'Y'], ['z', 'Z']]],
};

export class ExportOptions {
  constructor() {
    this.element = document.createElement('details');
    this.element.className = 'kt-options';
    const summary = document.createElement('summary');
    summary.textContent = 'BVH options';
    this.fields = Object.entries(OPTIONS).map(([name, [, choices]]) => {
      const field = Object.assign(document.createElement('select'), { name });
      field.append(...choices.map(([value, label]) => new Option(label, value)));
      return field;
    });
    this.element.append(summary, ...this.fields.map((field) => {
      const line = document.createElement('label');
      line.append(OPTIONS[field.name][0], field);
      return line;
    }));
  }

  /** The address with the options, where its format has them. */
  addTo(path) {
    if (!/\.bvh(\.zip)?$/.test(path)) return path;
    const chosen = this.fields.filter((field) => field.value);
    return `${path}?${new URLSearchParams(chosen.map((field) => [field.name, field.value]))}`;
  }
}
