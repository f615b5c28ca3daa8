// Second derivatives of a block's outputs with respect to the inputs: the bend of every neuron, carried to the outputs.
//
// d2y_o/dx2 = sum over all neurons k of all layers of (dy_o/da_k) a''(z_k) (dz_k/dx) (dz_k/dx)^T, at every row: dz/dx on
// the way from the inputs, dy/da on the way back from each output. Shapes, R rows with their padding: slopes and
// curvatures (neurons, R), dz_dx (neurons, p, R), sums (pairs k <= k' of inputs, R).
#pragma once

#include <cstring>
#include <utility>

#include "activations.hpp"
#include "hessian_plan.hpp"
#include "level.hpp"
#include "products.hpp"

namespace fitnet {
namespace FITNET_LEVEL_NAME {

// But for corners.
static inline bool is_straight(Activation activation) {
    return activation == Activation::identity || activation == Activation::relu || activation == Activation::leaky_relu;
}

template <class T>
static inline void fill(T* to, int64_t count, T value) {
    for (int64_t i = 0; i < count; i++) to[i] = value;
}

// a''(z), with a and a'(z) at hand.
template <class T>
static inline Vector<T> curvature(Activation activation, Vector<T> z, Vector<T> a, Vector<T> slope) {
    switch (activation) {
        case Activation::tanh: return -2 * a * slope;
        case Activation::logistic: return slope * (1 - 2 * a);
        case Activation::exponential: return a;
        case Activation::softplus: return slope * (1 - slope);
        case Activation::silu: {  // s' (2 + z (1 - 2 s))
            const Vector<T> s = logistic<T>(z);
            return s * (1 - s) * (2 + z * (1 - 2 * s));
        }
        case Activation::gelu: {  // density (2 - z^2); beyond its tail the square could overflow
            const Vector<T> size = within_tail<T>(z);
            return normal_density<T>(z) * (2 - size * size);
        }
        default: return Vector<T>{};
    }
}

// z (outputs, R) becomes a in place, and slopes and curvatures are written.
template <class T>
static void bend(Activation activation, int64_t outputs, int64_t R, T* z, T* slopes, T* curvatures) {
    const int64_t count = outputs * R;
    std::memcpy(curvatures, z, size_t(count) * sizeof(T));
    activate(activation, z, slopes, Panels<T>{outputs, R}, outputs);
    with_slope<T>(activation, z, slopes, slopes, [&](const auto& slope) {
        for (int64_t i = 0; i < count; i += LANES<T>) store(slopes + i, slope(broadcast(T(1)), slopes + i));
    });
    for (int64_t i = 0; i < count; i += LANES<T>)
        store(curvatures + i, curvature<T>(activation, load(curvatures + i), load(z + i), load(slopes + i)));
}

// to (neurons, p, R) = from (neurons, p, R) * by (neurons, R).
template <class T>
static void scale(int64_t neurons, int64_t p, int64_t R, const T* from, const T* by, T* to) {
    for (int64_t j = 0; j < neurons; j++)
        for (int64_t k = 0; k < p; k++)
            for (int64_t r = 0; r < R; r += LANES<T>) {
                const int64_t at = (j * p + k) * R + r;
                store(to + at, Vector<T>(load(from + at) * load(by + j * R + r)));
            }
}

// `count` sums side by side, COUNT at a time: += the sum over the neurons of `left` times each of `right`, a row of them
// `stride` numbers further.
template <int COUNT, class T>
static inline void add_pairs(int64_t count, int64_t neurons, int64_t stride, int64_t R, const T* left, const T* right, T* sums) {
    for (; count >= COUNT; count -= COUNT, right += COUNT * R, sums += COUNT * R)
        for (int64_t r = 0; r < R; r += LANES<T>) {
            Vector<T> sum[COUNT];
#pragma GCC unroll 8
            for (int i = 0; i < COUNT; i++) sum[i] = load(sums + i * R + r);
            for (int64_t j = 0; j < neurons; j++) {
                const Vector<T> factor = load(left + j * stride + r);
#pragma GCC unroll 8
                for (int i = 0; i < COUNT; i++) sum[i] += factor * load(right + j * stride + i * R + r);
            }
#pragma GCC unroll 8
            for (int i = 0; i < COUNT; i++) store(sums + i * R + r, sum[i]);
        }
    if constexpr (COUNT > 1)
        if (count > 0) add_pairs<COUNT / 2>(count, neurons, stride, R, left, right, sums);
}

// sums (pairs, R) += the sum over the neurons of weighted (neurons, p, R) times dz_dx (neurons, p, R).
template <class T>
static void add_bends(int64_t neurons, int64_t p, int64_t R, const T* weighted, const T* dz_dx, T* sums) {
    for (int64_t k = 0; k < p; sums += (p - k) * R, k++)
        add_pairs<8>(p - k, neurons, p * R, R, weighted + k * R, dz_dx + k * R, sums);
}

// C (rows, columns) = A * B (depth, columns), where element (i, t) of A is a[i * a_row + t * a_step]; or += where C is
// not `fresh`.
template <class T>
static void multiply_by(const T* a, int64_t a_row, int64_t a_step, int64_t rows, int64_t depth, const T* b, T* c,
                        int64_t columns, bool fresh) {
    if (fresh) fill(c, rows * columns, T(0));
    multiply(Product<T>{a, a_row, a_step, b, columns, c, columns, nullptr, depth, rows, columns}, Plain<T>{});
}

// X (rows, p) to d2y_dx2 (rows, m, p, p), at most plan.block_rows rows.
template <class T>
static void hessian_block(const HessianPlan<T>& plan, const T* parameters, const T* X, int64_t rows, T* d2y_dx2,
                          T* scratch) {
    const int64_t L = int64_t(plan.layers.size()), p = plan.p, m = plan.m, R = round_up(rows, LINE<T>);
    T* slopes = scratch;
    T* curvatures = slopes + plan.neurons * R;
    T* dz_dx = curvatures + plan.neurons * R;
    T* a = dz_dx + plan.neurons * p * R;
    T* next = a + plan.widest * R;
    T* da_dx = next + plan.widest * R;
    T* sums = da_dx + plan.widest * p * R;

    fill(a, p * R, T(0));
    for (int64_t r = 0; r < rows; r++)
        for (int64_t k = 0; k < p; k++) a[k * R + r] = X[r * p + k];
    for (int64_t l = 0; l < L; l++, std::swap(a, next)) {
        const Layer& layer = plan.layers[size_t(l)];
        const int64_t in = layer.inputs, out = layer.outputs, first = plan.first[size_t(l)];
        const T* W = parameters + plan.flat[size_t(l)];  // (in, out)
        for (int64_t j = 0; j < out; j++) fill(next + j * R, R, W[in * out + j]);
        multiply_by(W, 1, out, out, in, a, next, R, false);
        bend(layer.activation, out, R, next, slopes + first * R, curvatures + first * R);
        T* own = dz_dx + first * p * R;
        if (l == 0) {
            for (int64_t j = 0; j < out; j++)
                for (int64_t k = 0; k < p; k++) fill(own + (j * p + k) * R, R, W[k * out + j]);
        } else {
            multiply_by(W, 1, out, out, in, da_dx, own, p * R, true);
        }
        if (l + 1 < L) scale(out, p, R, own, slopes + first * R, da_dx);
    }

    T* weighted = da_dx;
    for (int64_t o = 0; o < m; o++) {
        fill(sums, plan.n_pairs() * R, T(0));
        fill(a, R, T(1));  // dy_o/da, of which the last layer has one that is not 0
        for (int64_t l = L - 1;; l--, std::swap(a, next)) {
            const Layer& layer = plan.layers[size_t(l)];
            const int64_t in = layer.inputs, out = layer.outputs, from = l == L - 1 ? o : 0, count = l == L - 1 ? 1 : out;
            const int64_t first = plan.first[size_t(l)] + from;
            if (!is_straight(layer.activation)) {
                scale(count, 1, R, a, curvatures + first * R, next);
                scale(count, p, R, dz_dx + first * p * R, next, weighted);
                add_bends(count, p, R, weighted, dz_dx + first * p * R, sums);
            }
            if (l == 0) break;
            scale(count, 1, R, a, slopes + first * R, a);
            multiply_by(parameters + plan.flat[size_t(l)] + from, out, 1, in, count, a, next, R, true);
        }
        for (int64_t r = 0; r < rows; r++) {
            T* to = d2y_dx2 + (r * m + o) * p * p;
            for (int64_t k = 0, pair = 0; k < p; k++)
                for (int64_t other = k; other < p; other++, pair++)
                    to[k * p + other] = to[other * p + k] = sums[pair * R + r];
        }
    }
}

}  // namespace FITNET_LEVEL_NAME
}  // namespace fitnet
