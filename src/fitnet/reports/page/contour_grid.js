"use strict";
// What a contour is drawn from: values of an output, and how far outside the domain they lie, on a grid over two inputs.
// Row by row: z[j * points + i] belongs to (xs[i], ys[j]).

class ContourGrid {
  constructor(point, axes, output, points) {
    Object.assign(this, { point, axes, output });
    const along = (i) => {
      const { low, high, scale } = point.ranges[i];
      return Array.from({ length: points }, (_, k) => valueAt([low, high], scale, k / (points - 1)));
    };
    [this.xs, this.ys] = axes.map(along);
    this.z = new Float64Array(points * points);
    this.scores = new Float64Array(points * points);
  }

  // Compute the lines from `first` to before `end`.
  fill(first, end) {
    const { live } = this.point;
    const { p, m } = live;
    const across = this.xs.length, count = (end - first) * across;
    const settings = this.point.settings.slice();
    const X = new Float64Array(count * p);
    for (let k = 0; k < count; k++) {
      settings[this.axes[0]] = this.xs[k % across];
      settings[this.axes[1]] = this.ys[first + Math.floor(k / across)];
      X.set(live.row(settings), k * p);
    }
    const y = live.predict(X, count);
    for (let k = 0; k < count; k++) {
      this.z[first * across + k] = y[k * m + this.output];
      this.scores[first * across + k] = live.domainScore(X.subarray(k * p, (k + 1) * p)) || 0;
    }
  }
}
