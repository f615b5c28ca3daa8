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

// The largest z of row r, and the column where it is first; NaN is passed over, for it shows in what follows.
template <class T>
struct Largest {
    T z = -std::numeric_limits<T>::infinity();
    int64_t column = 0;
    Largest(Matrix<const T> logits, int64_t r) {
        for (int64_t k = 0; k < logits.width(); k++)
            if (logits.at(r, k) > z) {
                z = logits.at(r, k);
                column = k;
            }
    }
};

// exp(z - largest) of every class to row r of `to`; returns the sum of all but the largest, which is 1.
template <class T>
FITNET_INLINE double exponentials(Matrix<const T> logits, int64_t r, const Largest<T>& largest, Matrix<T> to) {
    for (int64_t kp = 0; kp < logits.panels.count(); kp++)
        for (int64_t k = 0; k < logits.panels.columns(kp); k += LANES<T>)
            store(to.panel(kp, r) + k, exponential<T>(load(logits.panel(kp, r) + k) - largest.z));
    double others = 0;
    for (int64_t k = 0; k < logits.width(); k++)
        if (k != largest.column) others += double(to.at(r, k));
    return others;
}

// sum_k y_k (log(sum_j exp(t_j)) - t_k), t = z - largest: every term is 0 or more.
template <class T>
FITNET_INLINE double cross_entropy(Matrix<const T> logits, int64_t r, const T* y, const Largest<T>& largest,
                                   double others) {
    const double log_sum = std::log1p(others);
    double sum = 0;
    for (int64_t k = 0; k < logits.width(); k++)
        sum += double(y[k]) * (log_sum - (double(logits.at(r, k)) - double(largest.z)));
    return sum;
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
        const Largest<T> largest{logits, r};
        const double others = exponentials(logits, r, largest, gradient);
        sum += of.weight * cross_entropy(logits, r, y, largest, others);
        double total = 0;
        for (int64_t k = 0; k < m; k++) total += double(y[k]);
        const T scale = T(total / (1 + others));
        for (int64_t k = 0; k < m; k++) gradient.at(r, k) = (gradient.at(r, k) * scale - y[k]) * of.share;
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
        const Largest<T> largest{Matrix<const T>(z), r};
        double others = 0;
        for (int64_t k = 0; k < z.width(); k++)
            if (k != largest.column) others += std::exp(double(z.at(r, k)) - double(largest.z));
        for (int64_t k = 0; k < z.width(); k++)
            z.at(r, k) = T(std::sqrt(std::exp(double(z.at(r, k)) - double(largest.z)) / (1 + others)));
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
