// The cross-entropy of a row's logits, as algorithm/cross_entropy.py has
//
// Exponentials are taken in vectors; sums run over the classes as they lie, in double, so that every level with FMA
// gives the same bits.
#pragma once

#include <cmath>
#include <limits>

#include "kernels/activations.hpp"
#include "kernels/level.hpp"
#include "kernels/losses.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// The largest z of row r; NaN is passed over, for it shows in what follows.
template <class T>
FITNET_INLINE T largest_of(Matrix<const T> logits, int64_t r) {
    T largest = -std::numeric_limits<T>::infinity();
    for (int64_t kp = 0; kp < logits.panels.count(); kp++) {
        const T* z = logits.panel(kp, r);
        for (int64_t k = 0; k < logits.panels.columns(kp); k++) largest = z[k] > largest ? z[k] : largest;
    }
    return largest;
}

// log(1 + x) of x >= 0, from log, which takes a third of log1p's time: what 1 + x lost is added again.
FITNET_INLINE double log_of_one_and(double x) {
    const double u = 1 + x;
    return std::log(u) - ((u - 1) - x) / u;
}

// A sum in four parts, which are added in turn: as wide as vectors of any level can be, and with the same bits.
struct InTurn {
    double parts[4] = {};
    FITNET_INLINE double sum() const { return (parts[0] + parts[1]) + (parts[2] + parts[3]); }
};

// A row's sums over its classes, with t = z - largest: of exp(t), of those that are 1 because z is the largest, of the
// targets y, and of -y t, whose terms are 0 or more.
struct RowSums {
    InTurn less, ties, targets, below;
    FITNET_INLINE double others() const { return (ties.sum() - 1) + less.sum(); }  // but for one of the largest
    // sum_k y_k (log(sum_j exp(t_j)) - t_k)
    FITNET_INLINE double cross_entropy() const { return targets.sum() * log_of_one_and(others()) + below.sum(); }
    template <class T>
    FITNET_INLINE void add(int part, T z, T y, T e, T largest) {
        less.parts[part] += z == largest ? 0.0 : double(e);
        ties.parts[part] += z == largest ? 1.0 : 0.0;
        targets.parts[part] += double(y);
        below.parts[part] += double(y) * (double(largest) - double(z));
    }
};

// The sums of row r, of which exp(t) is written to row r of `to`.
template <class T>
FITNET_INLINE RowSums sum_classes(Matrix<const T> logits, int64_t r, const T* y, T largest, Matrix<T> to) {
    RowSums sums;
    for (int64_t kp = 0; kp < logits.panels.count(); kp++, y += PANEL<T>) {
        const T* z = logits.panel(kp, r);
        T* e = to.panel(kp, r);
        const int64_t columns = logits.panels.columns(kp);
        for (int64_t k = 0; k < columns; k += LANES<T>) store(e + k, exponential<T>(load(z + k) - largest));
        int64_t k = 0;
        for (; k + 4 <= columns; k += 4)
#pragma GCC unroll 4
            for (int part = 0; part < 4; part++) sums.add(part, z[k + part], y[k + part], e[k + part], largest);
        for (int part = 0; k < columns; k++, part++) sums.add(part, z[k], y[k], e[k], largest);
    }
    return sums;
}

// One logit: max(z, 0) - y z + log(1 + exp(-|z|)), for which `tail` is the last term.
template <class T>
FITNET_INLINE double binary_cross_entropy(T z, T y, T tail) {
    const double above = z < 0 ? 0 : double(z);
    return (above - double(y) * double(z)) + double(tail);
}

// The row's part of the block's loss, and below its derivative, for `weight` of the batch's `total`.
template <class T>
struct RowShare {
    double weight;
    T share;
    RowShare(const BlockRows<T>& block, int64_t r)
        : weight(block.rows->weights ? double(block.rows->weights[block.row(r)]) : 1.0),
          share(T(weight / block.total_weight)) {}
};

// Rows side by side: one logit each.
template <class T>
static double measure_binary(const BlockRows<T>& block, Matrix<const T> logits, Matrix<T> gradient) {
    double sum = 0;
    for (int64_t first = 0; first < block.count; first += LANES<T>) {
        const int64_t count = block.count - first < LANES<T> ? block.count - first : LANES<T>;
        T z[LANES<T>] = {}, tails[LANES<T>], p[LANES<T>];
        for (int64_t i = 0; i < count; i++) z[i] = logits.at(first + i, 0);
        const Vector<T> v = load(z);
        store(tails, log1p_exp<T>(-magnitude<T>(v)));
        store(p, logistic<T>(v));
        for (int64_t i = 0; i < count; i++) {
            const RowShare<T> of{block, first + i};
            const T y = block.rows->Y[block.row(first + i)];
            if (of.weight > 0) sum += of.weight * binary_cross_entropy(z[i], y, tails[i]);
            gradient.at(first + i, 0) = of.weight > 0 ? (p[i] - y) * of.share : T(0);
        }
    }
    return sum;
}

// The block's share of the loss of the last layer's z; its derivative, p - y, goes to `gradient`.
template <class T>
static double measure(const CrossEntropy<T>&, const BlockRows<T>& block, Matrix<T> z, Matrix<T> gradient) {
    const Matrix<const T> logits = z;
    const int64_t m = logits.width();
    double sum = 0;
    if (m == 1) sum = measure_binary(block, logits, gradient);
    for (int64_t r = 0; m > 1 && r < block.count; r++) {
        const RowShare<T> of{block, r};
        if (of.weight == 0) {
            for (int64_t k = 0; k < m; k++) gradient.at(r, k) = 0;
            continue;
        }
        const T* y = block.rows->Y + block.row(r) * m;
        const RowSums sums = sum_classes(logits, r, y, largest_of(logits, r), gradient);
        sum += of.weight * sums.cross_entropy();
        const T scale = T(sums.targets.sum() / (1 + sums.others()));
        for (int64_t kp = 0; kp < gradient.panels.count(); kp++, y += PANEL<T>) {
            T* e = gradient.panel(kp, r);
            for (int64_t k = 0; k < gradient.panels.columns(kp); k++) e[k] = (e[k] * scale - y[k]) * of.share;
        }
    }
    clear_padding(gradient);
    return sum / block.total_weight;
}

// The square root of the cross-entropy's Hessian in a row's z, H = diag(p) - p p^T: with s = sqrt(p) it is R^T R for
// R = (I - s s^T) diag(s), because s has length 1; of one logit sqrt(p (1 - p)).
//
// s, or that root, in place of z (rows, m).
template <class T>
static void to_roots(Matrix<T> z) {
    for (int64_t r = 0; r < z.rows; r++) {
        if (z.width() == 1) {
            const double e = std::exp(-std::fabs(double(z.at(r, 0))));
            z.at(r, 0) = T(std::sqrt(e) / (1 + e));
            continue;
        }
        const double largest = double(largest_of(Matrix<const T>(z), r));
        double sum = 0;
        for (int64_t k = 0; k < z.width(); k++) sum += std::exp(double(z.at(r, k)) - largest);
        for (int64_t k = 0; k < z.width(); k++) z.at(r, k) = T(std::sqrt(std::exp(double(z.at(r, k)) - largest) / sum));
    }
}

// Row o of R, for every row of `roots`, to `seeds` (rows, m), whose padding is zero.
template <class T>
static void seed_classes(Matrix<const T> roots, int64_t o, Matrix<T> seeds) {
    for (int64_t r = 0; r < roots.rows; r++)
        for (int64_t k = 0; k < roots.width(); k++) {
            const T s = roots.at(r, k);
            seeds.at(r, k) = roots.width() == 1 ? s : (T(o == k) - roots.at(r, o) * s) * s;
        }
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
